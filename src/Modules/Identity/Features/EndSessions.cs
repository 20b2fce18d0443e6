using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>Signs a device out; without an id every device, this one included.</summary>
internal sealed record EndSessions(Guid? Id) : IStepwiseCommand;

internal sealed class EndSessionsHandler(
    IAutoCommitDatabase database,
    ICurrentUser user,
    SessionStates sessions,
    TimeProvider clock
) : IRequestHandler<EndSessions, Result>
{
    public async Task<Result> Handle(EndSessions request, CancellationToken cancellationToken)
    {
        var ended = await database.QueryAsync<Guid>(
            """
            update identity.sessions
            set revoked_at = @now
            where user_id = @userId and (@id::uuid is null or id = @id) and revoked_at is null and expires_at > @now
            returning id
            """,
            new
            {
                userId = user.Id,
                request.Id,
                now = clock.UtcNow(),
            },
            cancellationToken
        );
        foreach (var session in ended)
        {
            sessions.Forget(session);
        }

        return request.Id is not null && ended.Count == 0 ? IdentityErrors.SessionNotFound : Result.Success;
    }
}

internal static class EndSessionsEndpoint
{
    public static void Map(RouteGroupBuilder me)
    {
        me.MapDelete(
                "/sessions/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new EndSessions(id), ct)).ToNoContent()
            )
            .WithName("EndSession")
            .WithSummary("Sign one device out")
            .RequireSession()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

        me.MapDelete(
                "/sessions",
                async (IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new EndSessions(null), ct)).ToNoContent()
            )
            .WithName("EndAllSessions")
            .WithSummary("Sign every device out, this one included")
            .RequireSession()
            .Produces(StatusCodes.Status204NoContent);
    }
}
