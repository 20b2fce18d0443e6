using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>Ends the session of a refresh token. One that means nothing is no error (RFC 7009): what the client wants is so.</summary>
internal sealed record Logout(RefreshInput Body) : IStepwiseCommand, IHasBody<RefreshInput>;

internal sealed class LogoutValidator : AbstractValidator<Logout>
{
    public LogoutValidator() => RuleFor(c => c.Body.RefreshToken).Required();
}

internal sealed class LogoutHandler(Accounts accounts, RefreshTokens refreshTokens, SessionStates sessions)
    : IRequestHandler<Logout, Result>
{
    public async Task<Result> Handle(Logout request, CancellationToken cancellationToken)
    {
        if (refreshTokens.Read(request.Body.RefreshToken!) is { } token)
        {
            await accounts.EndSessionAsync(token, cancellationToken);
            sessions.Forget(token.SessionId);
        }

        return Result.Success;
    }
}

internal static class LogoutEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/logout",
                async (RefreshInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Logout(body), ct)).ToNoContent()
            )
            .WithName(nameof(Logout))
            .WithSummary("Sign out")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
