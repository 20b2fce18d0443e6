using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record ResetPasswordInput
{
    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? Token { get; init; }

    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? NewPassword { get; init; }
}

/// <summary>Changes the password of whoever holds a mailed token, and signs every device out. A second factor stays on.</summary>
internal sealed record ResetPassword(ResetPasswordInput Body, Device Device)
    : IStepwiseCommand,
        IHasBody<ResetPasswordInput>;

internal sealed class ResetPasswordValidator : AbstractValidator<ResetPassword>
{
    public ResetPasswordValidator()
    {
        RuleFor(c => c.Body.Token).Required();
        RuleFor(c => c.Body.NewPassword).Required();
    }
}

internal sealed class ResetPasswordHandler(
    Accounts accounts,
    MailedTokens tokens,
    PasswordHasher passwords,
    PasswordAttempts attempts,
    SessionStates sessions
) : IRequestHandler<ResetPassword, Result>
{
    public async Task<Result> Handle(ResetPassword request, CancellationToken cancellationToken)
    {
        var wanted = request.Body.NewPassword!;
        if (
            tokens.Read(request.Body.Token!) is not { } token
            || await accounts.FindPasswordResetAsync(token, cancellationToken) is not { } email
        )
        {
            return IdentityErrors.InvalidMailedToken;
        }

        if (PasswordRules.Complaint(wanted, email) is { } complaint)
        {
            return Error.Invalid("newPassword", complaint);
        }

        var hash = await passwords.HashAsync(wanted, cancellationToken);
        if (await accounts.ResetPasswordAsync(token, hash, cancellationToken) is not { } userId)
        {
            return IdentityErrors.InvalidMailedToken;
        }

        sessions.ForgetUser(userId);
        await attempts.ForgiveAsync(email, request.Device, cancellationToken);
        return Result.Success;
    }
}

internal static class ResetPasswordEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/password/reset",
                async (ResetPasswordInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ResetPassword(body, device), ct)).ToNoContent()
            )
            .WithName(nameof(ResetPassword))
            .WithSummary("Choose a new password by a mailed token; every device is signed out")
            .WithDescription(
                "A token that was used, has expired or was never made is a 400 with the code `invalid_token`. The second factor stays on, and personal "
                    + "access tokens stay good: whoever fears for them deletes them."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
