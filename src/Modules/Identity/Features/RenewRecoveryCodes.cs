using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>Ten new recovery codes; the old ones are worth nothing from now on.</summary>
internal sealed record RenewRecoveryCodes(CodeInput Body) : IStepwiseCommand<RecoveryCodesDto>, IHasBody<CodeInput>;

internal sealed class RenewRecoveryCodesValidator : AbstractValidator<RenewRecoveryCodes>
{
    public RenewRecoveryCodesValidator() => RuleFor(c => c.Body.Code).Required();
}

internal sealed class RenewRecoveryCodesHandler(ICurrentUser user, MfaMethods methods, SecondFactor secondFactor)
    : IRequestHandler<RenewRecoveryCodes, Result<RecoveryCodesDto>>
{
    public async Task<Result<RecoveryCodesDto>> Handle(RenewRecoveryCodes request, CancellationToken cancellationToken)
    {
        var check = await secondFactor.RequireAsync(user.Id, request.Body.Code!, cancellationToken);
        if (!check.IsSuccess)
        {
            return check.Error;
        }

        var codes = RecoveryCodes.Make();
        var hashes = codes.Select(RecoveryCodes.Hash).ToArray();
        return await methods.ReplaceRecoveryCodesAsync(user.Id, hashes, cancellationToken)
            ? new RecoveryCodesDto { RecoveryCodes = codes }
            : IdentityErrors.MfaIsOff;
    }
}

internal static class RenewRecoveryCodesEndpoint
{
    public static void Map(RouteGroupBuilder mfa) =>
        mfa.MapPost(
                "/recovery-codes",
                async (CodeInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new RenewRecoveryCodes(body), ct)).ToOk()
            )
            .WithName(nameof(RenewRecoveryCodes))
            .WithSummary("Make ten new recovery codes, shown this once")
            .RequireSession()
            .Produces<RecoveryCodesDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
