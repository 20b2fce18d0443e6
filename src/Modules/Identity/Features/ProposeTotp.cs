using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>What an authenticator app is fed with.</summary>
internal sealed record TotpSetupDto
{
    /// <summary>Base32, for typing.</summary>
    public required string Secret { get; init; }

    public required string OtpauthUri { get; init; }

    /// <summary>The same as a picture.</summary>
    public required string QrSvg { get; init; }
}

/// <summary>Proposes a secret for an authenticator app. Nothing is on until a code of it has come back.</summary>
internal sealed record ProposeTotp : IStepwiseCommand<TotpSetupDto>;

internal sealed class ProposeTotpHandler(
    IReadDatabase database,
    ICurrentUser user,
    MfaMethods methods,
    SecondFactor secondFactor
) : IRequestHandler<ProposeTotp, Result<TotpSetupDto>>
{
    public async Task<Result<TotpSetupDto>> Handle(ProposeTotp request, CancellationToken cancellationToken)
    {
        if (
            await database.QuerySingleOrDefaultAsync<UserDto>(GetMeHandler.Sql, new { id = user.Id }, cancellationToken)
            is not { } me
        )
        {
            return IdentityErrors.UserNotFound;
        }

        var secret = Totp.NewSecret();
        if (!await methods.ProposeAsync(user.Id, secondFactor.Seal(secret, user.Id), cancellationToken))
        {
            return IdentityErrors.MfaIsOn;
        }

        var uri = Totp.ToUri(secret, me.Email);
        return new TotpSetupDto
        {
            Secret = Totp.ToText(secret),
            OtpauthUri = uri,
            QrSvg = Totp.ToQrSvg(uri),
        };
    }
}

internal static class ProposeTotpEndpoint
{
    public static void Map(RouteGroupBuilder mfa) =>
        mfa.MapPost(
                "/totp",
                async (IMediator mediator, CancellationToken ct) => (await mediator.Send(new ProposeTotp(), ct)).ToOk()
            )
            .WithName(nameof(ProposeTotp))
            .WithSummary("Propose a secret for an authenticator app")
            .RequireSession()
            .Produces<TotpSetupDto>()
            .ProducesProblem(StatusCodes.Status409Conflict);
}
