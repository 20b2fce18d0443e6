using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record CodeInput
{
    public string? Code { get; init; }
}

/// <summary>Shown this once.</summary>
internal sealed record RecoveryCodesDto
{
    public required IReadOnlyList<string> RecoveryCodes { get; init; }
}

/// <summary>Switches the second factor on, which a first code proves to be in the user's hands.</summary>
internal sealed record ConfirmTotp(CodeInput Body) : IStepwiseCommand<RecoveryCodesDto>, IHasBody<CodeInput>;

internal sealed class ConfirmTotpValidator : AbstractValidator<ConfirmTotp>
{
    public ConfirmTotpValidator() => RuleFor(c => c.Body.Code).Required();
}

internal sealed class ConfirmTotpHandler(
    ICurrentUser user,
    MfaMethods methods,
    SecondFactor secondFactor,
    TimeProvider clock
) : IRequestHandler<ConfirmTotp, Result<RecoveryCodesDto>>
{
    public async Task<Result<RecoveryCodesDto>> Handle(ConfirmTotp request, CancellationToken cancellationToken)
    {
        if (await methods.FindAsync(user.Id, cancellationToken) is not { } method)
        {
            return IdentityErrors.MfaIsOff;
        }

        if (method.IsConfirmed)
        {
            return IdentityErrors.MfaIsOn;
        }

        if (Totp.FindStep(secondFactor.Open(method, user.Id), request.Body.Code!, clock.GetUtcNow()) is not { } step)
        {
            return Error.Invalid("code", "is not what the authenticator app shows now");
        }

        var codes = RecoveryCodes.Make();
        var hashes = codes.Select(RecoveryCodes.Hash).ToArray();
        return await methods.ConfirmAsync(user.Id, method.Secret, step, hashes, cancellationToken)
            ? new RecoveryCodesDto { RecoveryCodes = codes }
            : IdentityErrors.MfaIsOn;
    }
}

internal static class ConfirmTotpEndpoint
{
    public static void Map(RouteGroupBuilder mfa) =>
        mfa.MapPost(
                "/totp/confirm",
                async (CodeInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ConfirmTotp(body), ct)).ToOk()
            )
            .WithName(nameof(ConfirmTotp))
            .WithSummary("Switch the second factor on; the recovery codes are shown this once")
            .RequireSession()
            .Produces<RecoveryCodesDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
