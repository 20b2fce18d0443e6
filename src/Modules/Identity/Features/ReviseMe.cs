using System.Text.Json.Nodes;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>What a user may change of the own account.</summary>
internal sealed record ProfileInput
{
    /// <summary>A new one counts once the token that is mailed to it has come back.</summary>
    public string? Email { get; init; }

    public string? DisplayName { get; init; }

    public JsonObject? Preferences { get; init; }

    /// <summary>Needed with a new e-mail address where a second factor is on. Never shown.</summary>
    public string? Code { get; init; }
}

internal sealed class ProfileInputValidator : AbstractValidator<ProfileInput>
{
    public ProfileInputValidator()
    {
        RuleFor(c => c.Email).Required().EmailAddressRule();
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

/// <summary>Changes the own account. What a code is needed for is checked first, and counts although the rest may be refused.</summary>
internal sealed record ReviseMe(MergePatch Patch, IfMatch IfMatch) : IStepwiseCommand<UserDto>;

internal sealed class ReviseMeHandler(
    IReadDatabase database,
    ICurrentUser user,
    IValidator<ProfileInput> validator,
    SecondFactor secondFactor,
    MailAllowance allowance,
    Mails mails,
    IMediator mediator
) : IRequestHandler<ReviseMe, Result<UserDto>>
{
    public async Task<Result<UserDto>> Handle(ReviseMe request, CancellationToken cancellationToken)
    {
        if (
            await database.QuerySingleOrDefaultAsync<UserDto>(GetMeHandler.Sql, new { id = user.Id }, cancellationToken)
            is not { } me
        )
        {
            return IdentityErrors.UserNotFound;
        }

        if (!request.IfMatch.Matches(me.Version))
        {
            return Error.PreconditionFailed;
        }

        var state = new ProfileInput
        {
            Email = me.Email,
            DisplayName = me.DisplayName,
            Preferences = me.Preferences,
        };
        var merged = request.Patch.ApplyTo(state, validator);
        if (!merged.IsSuccess)
        {
            return merged.Error;
        }

        var wanted = merged.Value.Email!;
        if (wanted != me.Email)
        {
            var allowed = await AllowMoveAsync(me, wanted, merged.Value.Code, cancellationToken);
            if (!allowed.IsSuccess)
            {
                return allowed.Error;
            }
        }

        Result<UserDto> revised = me;
        if (request.Patch.Touches("displayName") || request.Patch.Touches("preferences"))
        {
            revised = await mediator.Send(new ReviseProfile(request.Patch, request.IfMatch), cancellationToken);
        }

        if (revised.IsSuccess && wanted != me.Email)
        {
            await mails.AskToMoveAsync(user.Id, wanted, cancellationToken);
        }
        else if (revised.IsSuccess && request.Patch.Touches("email"))
        {
            await mails.WithdrawMoveAsync(cancellationToken);
        }

        return revised;
    }

    /// <summary>Whether the address is another account's is not told here: only who reads its mail learns that.</summary>
    private async Task<Result> AllowMoveAsync(
        UserDto me,
        string wanted,
        string? code,
        CancellationToken cancellationToken
    )
    {
        if (!mails.AreSent)
        {
            return IdentityErrors.MailUnavailable;
        }

        if (me.MfaEnabled)
        {
            var check = string.IsNullOrEmpty(code)
                ? Error.Invalid("code", "is required, since a second factor is on")
                : await secondFactor.RequireAsync(user.Id, code, cancellationToken);
            if (!check.IsSuccess)
            {
                return check;
            }
        }

        return await allowance.TakeAsync(wanted, cancellationToken);
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
            .WithSummary("Change display name, preferences and e-mail address")
            .WithDescription(
                "A new `email` counts once the token that is mailed to it has come back to `POST /auth/email/verify`; until then the old one is shown. Of several the last one "
                    + "counts, and the own address withdraws it. A new one needs "
                    + "a `code` where a second factor is on, and a mail server, without which it is a 503."
            )
            .RequireSession()
            .Produces<UserDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
