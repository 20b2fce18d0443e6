using System.Text.Json.Nodes;
using AutoMapper;
using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

/// <summary>The part of <see cref="ReviseMe"/> that counts at once.</summary>
internal sealed record ReviseProfile(MergePatch Patch, IfMatch IfMatch) : ICommand<UserDto>;

internal sealed class ReviseProfileHandler(
    IRepository<User> users,
    ICurrentUser current,
    IValidator<ProfileInput> validator,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<ReviseProfile, Result<UserDto>>
{
    public async Task<Result<UserDto>> Handle(ReviseProfile request, CancellationToken cancellationToken)
    {
        if (await users.FirstOrDefaultAsync(new UserSpecs.ById(current.Id), cancellationToken) is not { } user)
        {
            return IdentityErrors.UserNotFound;
        }

        if (!request.IfMatch.Matches(user.Version))
        {
            return Error.PreconditionFailed;
        }

        var state = new ProfileInput
        {
            Email = user.Email,
            DisplayName = user.DisplayName,
            Preferences = JsonNode.Parse(user.Preferences ?? "{}")!.AsObject(),
        };
        var merged = request.Patch.ApplyTo(state);
        if (!merged.IsSuccess)
        {
            return merged.Error;
        }

        var validation = await validator.ValidateAsync(merged.Value, cancellationToken);
        if (!validation.IsValid)
        {
            return validation.ToError();
        }

        // What was never set stays so: the trail tells what was changed, and no more.
        var preferences = request.Patch.Touches("preferences")
            ? (merged.Value.Preferences ?? []).ToJsonString(BeaconJson.Options)
            : user.Preferences;
        user.Revise(merged.Value.DisplayName, preferences, clock.UtcNow());
        await users.UpdateAsync(user, cancellationToken);
        return mapper.Map<UserDto>(user);
    }
}
