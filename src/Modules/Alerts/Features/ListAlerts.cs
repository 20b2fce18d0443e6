namespace CryptoBeacon.Alerts.Features;

/// <summary>The user's alerts, newest first.</summary>
internal sealed record ListAlerts(string? CoinId, bool? IsActive, int? Limit, string? Cursor) : IQuery<Page<AlertDto>>
{
    internal sealed record Position(Guid Id);
}

internal sealed class ListAlertsValidator : AbstractValidator<ListAlerts>
{
    public ListAlertsValidator()
    {
        RuleFor(q => q.CoinId).CoinId();
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListAlerts, ListAlerts.Position>();
    }
}

internal sealed class ListAlertsHandler(IReadDatabase database, TimeProvider clock)
    : IRequestHandler<ListAlerts, Result<Page<AlertDto>>>
{
    public async Task<Result<Page<AlertDto>>> Handle(ListAlerts request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<AlertDto>(
            """
            select *
            from (
                select id, coin_id, condition, price, currency, expires_at, notification_channels, notes, repeat, cooldown_seconds,
                    hysteresis_percent, window_seconds, is_active and coalesce(expires_at > @now, true) as is_active, paused_reason, triggered_at, created_at,
                    revision as version
                from alerts.alerts
                where deleted_at is null
            ) alert
            where (@CoinId::text is null or coin_id = @CoinId)
                and (@IsActive::boolean is null or is_active = @IsActive)
                and (@before::uuid is null or id < @before)
            order by id desc
            limit @take
            """,
            new
            {
                request.CoinId,
                request.IsActive,
                now = clock.GetUtcNow(),
                before = Cursor.Decode<ListAlerts.Position>(request.Cursor)?.Id,
                take = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<AlertDto>.From(rows, request.Limit, alert => new ListAlerts.Position(alert.Id));
    }
}

internal static class ListAlertsEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapGet(
                "/",
                async (
                    string? coinId,
                    bool? isActive,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ListAlerts(coinId, isActive, limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListAlerts))
            .WithSummary("List alerts, newest first")
            .RequireScope(Scopes.Read)
            .Produces<Page<AlertDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
