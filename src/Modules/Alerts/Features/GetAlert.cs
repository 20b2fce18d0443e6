using CryptoBeacon.Alerts.Domain;

namespace CryptoBeacon.Alerts.Features;

internal sealed record GetAlert(Guid Id) : IQuery<AlertDto>;

internal sealed class GetAlertHandler(IReadDatabase database, TimeProvider clock)
    : IRequestHandler<GetAlert, Result<AlertDto>>
{
    public async Task<Result<AlertDto>> Handle(GetAlert request, CancellationToken cancellationToken)
    {
        var alert = await database.QuerySingleOrDefaultAsync<AlertDto>(
            """
            select id, coin_id, condition, price, currency, expires_at, notification_channels, notes, repeat, cooldown_seconds,
                hysteresis_percent, window_seconds, is_active and coalesce(expires_at > @now, true) as is_active, paused_reason, triggered_at, created_at,
                revision as version
            from alerts.alerts
            where id = @Id and deleted_at is null
            """,
            new { request.Id, now = clock.GetUtcNow() },
            cancellationToken
        );
        return alert is null ? AlertErrors.NotFound : alert;
    }
}

internal static class GetAlertEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetAlert(id), ct)).ToOk()
            )
            .WithName(nameof(GetAlert))
            .WithSummary("Read an alert")
            .RequireScope(Scopes.Read)
            .Produces<AlertDto>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
