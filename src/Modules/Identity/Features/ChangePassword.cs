using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record ChangePasswordInput
{
    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? CurrentPassword { get; init; }

    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? NewPassword { get; init; }
}

/// <summary>Changes the password and ends all other sessions.</summary>
internal sealed record ChangePassword(ChangePasswordInput Body, Device Device)
    : IStepwiseCommand,
        IHasBody<ChangePasswordInput>;

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePassword>
{
    public ChangePasswordValidator()
    {
        RuleFor(c => c.Body.CurrentPassword).Required();
        RuleFor(c => c.Body.NewPassword).Required();
    }
}

internal sealed class ChangePasswordHandler(
    IReadDatabase database,
    ICurrentUser user,
    PasswordAttempts attempts,
    PasswordHasher passwords,
    Accounts accounts,
    SessionStates sessions
) : IRequestHandler<ChangePassword, Result>
{
    public async Task<Result> Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        var (current, wanted) = (request.Body.CurrentPassword!, request.Body.NewPassword!);
        if (
            await database.QuerySingleOrDefaultAsync<UserDto>(GetMeHandler.Sql, new { id = user.Id }, cancellationToken)
            is not { } me
        )
        {
            return IdentityErrors.UserNotFound;
        }

        if (PasswordRules.Complaint(wanted, me.Email) is { } complaint)
        {
            return Error.Invalid("newPassword", complaint);
        }

        // Whoever found a signed-in device may guess here no more often than at the door.
        var check = await attempts.CheckAsync(me.Email, current, request.Device, cancellationToken);
        if (!check.IsSuccess)
        {
            return check.Error == IdentityErrors.InvalidCredentials ? NotThePassword : check.Error;
        }

        var hash = await passwords.HashAsync(wanted, cancellationToken);
        if (
            !await accounts.ChangePasswordAsync(
                user.Id,
                check.Value.PasswordHash,
                hash,
                user.SessionId,
                cancellationToken
            )
        )
        {
            return NotThePassword;
        }

        sessions.ForgetUser(user.Id);
        return Result.Success;
    }

    private static readonly Error NotThePassword = Error.Invalid(
        "currentPassword",
        "is not the password of this account"
    );
}

internal static class ChangePasswordEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapPut(
                "/password",
                async (ChangePasswordInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ChangePassword(body, device), ct)).ToNoContent()
            )
            .WithName(nameof(ChangePassword))
            .WithSummary("Change the password; all other sessions end")
            .RequireSession()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
