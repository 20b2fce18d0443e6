using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Jobs;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.Alerts.Features;

/// <summary>Sends a firing's notifications again, by all of the channels that it was for. What is on its way at this moment is left to go on.</summary>
internal sealed record RedeliverFiring(Guid Id) : ICommand;

internal sealed class RedeliverFiringHandler(
    IWriteDatabase database,
    IReadDatabase reads,
    IOutbox outbox,
    TimeProvider clock
) : IRequestHandler<RedeliverFiring, Result>
{
    public async Task<Result> Handle(RedeliverFiring request, CancellationToken cancellationToken)
    {
        if (
            !await reads.QuerySingleOrDefaultAsync<bool>(
                "select exists (select from alerts.alert_history where id = @Id)",
                new { request.Id },
                cancellationToken
            )
        )
        {
            return AlertErrors.FiringNotFound;
        }

        await database.ExecuteAsync(
            """
            update alerts.alert_deliveries
            set status = 'pending', next_attempt_at = @now, retries = 0, last_error = null, sent_at = null
            where history_id = @Id and channel <> 'app' and (status <> 'pending' or claimed_until is null)
            """,
            new { request.Id, now = clock.UtcNow() },
            cancellationToken
        );
        await outbox.RequestJobAsync(DeliverFiringsJob.Name, null, cancellationToken);
        return Result.Success;
    }
}

internal static class RedeliverFiringEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapPost(
                "/history/{id:guid}/redeliver",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new RedeliverFiring(id), ct)).ToAccepted()
            )
            .WithName(nameof(RedeliverFiring))
            .WithSummary("Send a firing's notifications again")
            .RequireScope(Scopes.AlertsWrite)
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound);
}
