using System.Text.Json;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Reads every version of a trade, also of one that is deleted.</summary>
internal sealed record ReadTradeHistory(Guid Id, int? Limit, string? Cursor) : IQuery<Page<TradeVersion>>;

internal sealed record TradeVersion(
    int Version,
    DateTimeOffset ChangedAt,
    TradeChange Change,
    TradeDto? Before,
    TradeDto? After
);

internal sealed class ReadTradeHistoryValidator : AbstractValidator<ReadTradeHistory>
{
    public ReadTradeHistoryValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ReadTradeHistory, VersionPosition>();
    }
}

internal sealed record VersionPosition(int Version);

internal sealed class ReadTradeHistoryHandler(IReadDatabase database)
    : IRequestHandler<ReadTradeHistory, Result<Page<TradeVersion>>>
{
    public async Task<Result<Page<TradeVersion>>> Handle(ReadTradeHistory request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<Row>(
            """
            select version, changed_at, change, before::text, after::text
            from trading.trade_history
            where trade_id = @id and version > @version
            union all
            -- Until it is written down, an imported trade is its own first version.
            select 1, i.imported_at, 'created', null, trading.trade_as_shown(t)::text
            from trading.trades t
            join trading.trade_imports i on i.id = t.import_id
            where t.id = @id and @version = 0 and not exists (select from trading.trade_history h where h.trade_id = t.id)
            order by version
            limit @limit
            """,
            new
            {
                id = request.Id,
                version = Cursor.Decode<VersionPosition>(request.Cursor)?.Version ?? 0,
                limit = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return rows.Count == 0 && request.Cursor is null
            ? TradeErrors.NoTrade
            : Page<TradeVersion>.From(
                [.. rows.Select(row => row.ToVersion())],
                request.Limit,
                last => new VersionPosition(last.Version)
            );
    }

    private sealed record Row
    {
        public required int Version { get; init; }

        public required DateTimeOffset ChangedAt { get; init; }

        public required TradeChange Change { get; init; }

        public string? Before { get; init; }

        public string? After { get; init; }

        public TradeVersion ToVersion() => new(Version, ChangedAt, Change, Read(Before), Read(After));

        private static TradeDto? Read(string? shown) =>
            shown is null ? null : JsonSerializer.Deserialize<TradeDto>(shown, BeaconJson.Options);
    }
}

internal static class ReadTradeHistoryEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/{id:guid}/history",
                async (Guid id, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ReadTradeHistory(id, limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ReadTradeHistory))
            .WithSummary("Read every version of a trade")
            .RequireScope(Scopes.Read)
            .Produces<Page<TradeVersion>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
