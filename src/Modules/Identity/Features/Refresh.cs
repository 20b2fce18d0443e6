using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record RefreshInput
{
    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? RefreshToken { get; init; }
}

/// <summary>Trades a refresh token for a new pair; one that was used before ends its session, since two hold it.</summary>
internal sealed record Refresh(RefreshInput Body, Device Device) : IStepwiseCommand<TokensDto>, IHasBody<RefreshInput>;

internal sealed class RefreshValidator : AbstractValidator<Refresh>
{
    public RefreshValidator() => RuleFor(c => c.Body.RefreshToken).Required();
}

internal sealed class RefreshHandler(
    Accounts accounts,
    AccessTokens accessTokens,
    RefreshTokens refreshTokens,
    SessionStates sessions
) : IRequestHandler<Refresh, Result<TokensDto>>
{
    public async Task<Result<TokensDto>> Handle(Refresh request, CancellationToken cancellationToken)
    {
        if (refreshTokens.Read(request.Body.RefreshToken!) is not { } token)
        {
            return IdentityErrors.InvalidRefreshToken;
        }

        var successor = refreshTokens.Successor(token);
        var rotation = await accounts.RotateAsync(token, successor, request.Device, cancellationToken);
        if (rotation is { IsGood: true, UserId: { } userId, Role: { } role })
        {
            return TokensDto.Of(accessTokens, userId, role, successor);
        }

        sessions.Forget(token.SessionId);
        return IdentityErrors.InvalidRefreshToken;
    }
}

internal static class RefreshEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/refresh",
                async (RefreshInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Refresh(body, device), ct)).ToOk()
            )
            .WithName(nameof(Refresh))
            .WithSummary("Trade a refresh token for a new pair")
            .Produces<TokensDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
}
