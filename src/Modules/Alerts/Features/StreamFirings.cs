using CryptoBeacon.Application.Contracts.Alerts;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.Alerts.Features;

/// <summary>
/// The user's firings as they happen. A notification says that there is something new and the database what: nothing is held in memory for a
/// listener, so none can fall behind further than its own connection, and whoever comes back says what they saw last and misses nothing.
/// </summary>
internal sealed class FiringStream(
    IReadDatabase database,
    INotifications notifications,
    IStreamPasses passes,
    TimeProvider clock
)
{
    public static readonly NotifyChannel Fired = new("alert_fired");

    private const string EventName = "alert";
    private const int AtOnce = 100;

    /// <param name="lastSeen">The history id of the last event that the client got; null: only what happens from now on.</param>
    public async Task<Result<IResult>> OpenAsync(StreamPass pass, Guid? lastSeen, CancellationToken cancellationToken)
    {
        var position = await FindPositionAsync(lastSeen, cancellationToken);
        return position is null
            ? Error.Invalid("Last-Event-ID", "is not the id of an event of this stream")
            : new Answer(context =>
                passes.RunAsync(context, pass, (events, end) => SendAsync(events, pass, position.Value, end))
            );
    }

    private Task<long?> FindPositionAsync(Guid? lastSeen, CancellationToken cancellationToken) =>
        lastSeen is null
            ? database.QuerySingleOrDefaultAsync<long?>(
                "select coalesce(max(sequence), 0) from alerts.alert_history",
                null,
                cancellationToken
            )
            : database.QuerySingleOrDefaultAsync<long?>(
                "select sequence from alerts.alert_history where id = @lastSeen",
                new { lastSeen },
                cancellationToken
            );

    private async Task SendAsync(EventStream events, StreamPass pass, long position, CancellationToken end)
    {
        // Listens before it reads, so that nothing falls between the two.
        using var subscription = notifications.Subscribe(Fired, pass.UserId.ToString());
        var stoodAt = clock.GetUtcNow();
        while (true)
        {
            IReadOnlyList<(long Sequence, FiringDto Firing)> firings;
            do
            {
                firings = await ReadAfterAsync(position, end);
                foreach (var (sequence, firing) in firings)
                {
                    await events.SendAsync(EventName, firing.Id.ToString(), firing, end);
                    position = sequence;
                }
            } while (firings.Count == AtOnce);

            var isWoken = await subscription.WaitAsync(EventStream.Heartbeat, end);
            // Also on a stream that is never silent.
            if (!isWoken || clock.GetUtcNow() >= stoodAt + EventStream.Heartbeat)
            {
                if (!await passes.StandsAsync(pass, end))
                {
                    return;
                }

                stoodAt = clock.GetUtcNow();
            }

            if (!isWoken)
            {
                await events.SendHeartbeatAsync(end);
            }
        }
    }

    private async Task<IReadOnlyList<(long Sequence, FiringDto Firing)>> ReadAfterAsync(
        long position,
        CancellationToken cancellationToken
    ) =>
        FiringRow.ToFirings(
            await database.QueryAsync(
                $"""
                select {FiringRow.Columns}
                from (
                    select *
                    from alerts.alert_history
                    where sequence > @position
                    order by sequence
                    limit @atOnce
                ) firing
                left join alerts.alert_deliveries delivery on delivery.history_id = firing.id
                order by firing.sequence, delivery.channel
                """,
                new { position, atOnce = AtOnce },
                FiringRow.Read,
                cancellationToken
            )
        );

    private sealed class Answer(Func<HttpContext, Task> run) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => run(httpContext);
    }
}

internal static class StreamFiringsEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapGet("/stream", OpenAsync)
            // The ticket is as good as a header, so the endpoint looks for itself who is there.
            .AllowAnonymous()
            .WithMetadata(new ScopeMetadata(Scopes.Read))
            .WithName("StreamFirings")
            .WithSummary("Follow what alerts fire, as Server-Sent Events")
            .Produces(StatusCodes.Status200OK, contentType: EventStream.MediaType)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> OpenAsync(
        HttpContext context,
        string? ticket,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        IStreamPasses passes,
        FiringStream stream,
        CancellationToken cancellationToken
    )
    {
        Guid? lastSeen = null;
        if (!string.IsNullOrEmpty(lastEventId))
        {
            if (!Guid.TryParseExact(lastEventId, "D", out var id))
            {
                return new Refusal(Error.Invalid("Last-Event-ID", "is not the id of an event of this stream"));
            }

            lastSeen = id;
        }

        var pass = await passes.AdmitAsync(context, ticket, cancellationToken);
        if (!pass.IsSuccess)
        {
            return new Refusal(pass.Error);
        }

        var answer = await stream.OpenAsync(pass.Value, lastSeen, cancellationToken);
        return answer.IsSuccess ? answer.Value : new Refusal(answer.Error);
    }
}
