using System.Text.Json.Nodes;
using AutoMapper;
using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

/// <summary>What a user may change of the own account.</summary>
internal sealed record ProfileInput
{
    public string? DisplayName { get; init; }

    public JsonObject? Preferences { get; init; }
}

internal sealed class ProfileInputValidator : AbstractValidator<ProfileInput>
{
    public ProfileInputValidator()
    {
        RuleFor(c => c.DisplayName).Name();
        RuleFor(c => c.Preferences)
            .Custom(
                (preferences, context) =>
                {
                    if (preferences is not null && Preferences.Complaint(preferences) is { } complaint)
                    {
                        context.AddFailure(complaint);
                    }
                }
            );
    }
}

internal sealed record ReviseMe(MergePatch Patch, IfMatch IfMatch) : ICommand<UserDto>;

internal sealed class ReviseMeHandler(
    IRepository<User> users,
    ICurrentUser current,
    IValidator<ProfileInput> validator,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<ReviseMe, Result<UserDto>>
{
    public async Task<Result<UserDto>> Handle(ReviseMe request, CancellationToken cancellationToken)
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

        var (displayName, preferences) = (merged.Value.DisplayName, merged.Value.Preferences ?? []);
        user.Revise(displayName, preferences.ToJsonString(BeaconJson.Options), clock.UtcNow());
        await users.UpdateAsync(user, cancellationToken);
        return mapper.Map<UserDto>(user);
    }
}

internal static class ReviseMeEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapPatch(
                "/",
                async (PatchBody<ProfileInput> body, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ReviseMe(body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ReviseMe))
            .WithSummary("Change display name and preferences")
            .RequireSession()
            .Produces<UserDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
