using CryptoBeacon.Trading.Domain;
using Npgsql;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>
/// The trades of a file on their way into the ledger: in temporary tables of the import's transaction, and one statement a step, however many
/// there are. COPY does not work on tables with row-level security, so that they could not go there at once.
/// </summary>
internal sealed class StagedTrades(IWriteDatabase database, IReadDatabase reading)
{
    /// <summary>What a trade has from its row; the rest it has from the import.</summary>
    private const string Columns = """
        coin_id, type, quantity, price, total_value, price_basis, currency, fee, fee_currency, fee_in_coin, fee_coin_id, deduct_fees,
        "timestamp", acquired_at, exchange, notes, tags, link_id, source, external_id
        """;

    public async Task FillAsync(IAsyncEnumerable<StagedTrade> trades, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            $"""
            create temporary table staged on commit drop as
            select 0::bigint as line, 0::bigint as other_line, 0::smallint as leg, ''::bytea as link, fingerprint, {Columns}
            from trading.trades
            with no data
            """,
            null,
            cancellationToken
        );
        await database.CopyAsync(
            $"copy staged (line, other_line, leg, link, fingerprint, {Columns}) from stdin (format binary)",
            trades.Select(Row),
            cancellationToken
        );
        await database.ExecuteAsync(
            // What rows are told apart by; the rest need not be known.
            "analyze staged (coin_id, source, external_id, fingerprint, link)",
            null,
            cancellationToken
        );
    }

    /// <summary>The coins whose positions they change.</summary>
    public Task<IReadOnlyList<string>> CoinIdsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<string>(
            """
            select coin_id from staged
            union
            select fee_coin_id from staged where deduct_fees and fee > 0 and fee_coin_id is not null
            """,
            null,
            cancellationToken
        );

    /// <summary>
    /// Tells the new from those that the portfolio has already, or had until somebody deleted them there. The n-th equal row without an id is occurrence n; ids ascend
    /// with time. Rows of one instant stay as the file has them, from its end where the newest come first; where the order of rows says nothing, they go by
    /// what they are.
    /// </summary>
    /// <param name="idSeed">A fresh id, from which those of the trades are made.</param>
    public async Task SortAsync(Guid portfolioId, Guid idSeed, bool keepsOrder, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            $"""
            create temporary table sorted on commit drop as
            with numbered as (
                select s.*,
                    row_number() over (partition by s.source, s.external_id, s.fingerprint order by s.line, s.leg) as n,
                    case when s.link is not null
                        then encode(s.link, 'hex') || '-' || row_number() over (partition by s.link, s.leg order by s.line)
                    end as row_link
                from staged s
            ),
            compared as (
                select numbered.*,
                    case when external_id is null
                        then exists (
                            select from trading.trades t
                            where t.portfolio_id = @portfolioId and t.fingerprint = numbered.fingerprint and t.occurrence = n)
                            or exists (
                                select from trading.deleted_rows d
                                where d.portfolio_id = @portfolioId and d.fingerprint = numbered.fingerprint and d.occurrence = n)
                        else n > 1
                            or exists (
                                select from trading.trades t
                                where t.portfolio_id = @portfolioId and t.source = numbered.source and t.external_id = numbered.external_id)
                            or exists (
                                select from trading.deleted_rows d
                                where d.portfolio_id = @portfolioId and d.source = numbered.source and d.external_id = numbered.external_id)
                    end as is_known
                from numbered
            ),
            direction as (
                select case
                    when (select "timestamp" from staged order by line limit 1) > (select "timestamp" from staged order by line desc limit 1)
                    then -1
                    else 1
                end as step
            ),
            ordered as (
                select compared.*, row_number() over (
                    order by "timestamp", case when @keepsOrder then line * step end, external_id, fingerprint, leg, line) as ordinal
                from compared cross join direction
            )
            select line, other_line, leg, fingerprint, case when external_id is null then n end as occurrence,
                case when is_known then 'duplicate' else 'imported' end as fate, coalesce(row_link, link_id) as row_link_id, {Columns},
                {IdOf("ordinal")} as id
            from ordered
            """,
            new
            {
                portfolioId,
                idSeed = idSeed.ToString("N"),
                keepsOrder,
            },
            cancellationToken
        );
        await database.ExecuteAsync("analyze sorted (line, fate, id)", null, cancellationToken);
    }

    /// <summary>Takes rows out again, and whatever else their lines say: no half of a swap stays.</summary>
    /// <returns>The lines.</returns>
    public Task<IReadOnlyList<long>> RejectAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        database.QueryAsync<long>(
            """
            update sorted set fate = 'rejected'
            where fate = 'imported' and line in (select line from sorted where id = any(@ids))
            returning line
            """,
            new { ids = ids.ToArray() },
            cancellationToken
        );

    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken) =>
        (
            await database.QueryAsync<Count>(
                "select fate, count(*)::int as trades from sorted group by fate",
                null,
                cancellationToken
            )
        ).ToDictionary(count => count.Fate, count => count.Trades);

    /// <summary>Each on all its lines, with its fate.</summary>
    public async Task<IReadOnlyList<SortedTrade>> ListAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<SortedTrade>(
            $"""
            select each.line, fate, leg, id, row_link_id, {Columns}
            from sorted
            cross join lateral (select sorted.line union all select other_line where other_line is not null) as each (line)
            order by each.line, leg
            """,
            null,
            cancellationToken
        );

    /// <summary>Those whose worth the row does not say, with the other legs of their swaps, some at a time.</summary>
    public Task<IReadOnlyList<SortedTrade>> OpenAsync(long afterLine, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<SortedTrade>(
            $"""
            with unsaid as (
                select * from staged
                where line > @afterLine and price_basis = 'unknown' and (type = 'income' or type in ('buy', 'sell') and link_id is not null)
                order by line
                limit @limit
            )
            select line, leg, '' as fate, true as is_asked, link_id as row_link_id, {Columns} from unsaid
            union all
            select line, leg, '', false, link_id, {Columns}
            from staged
            where link_id in (select link_id from unsaid) and (line, leg) not in (select line, leg from unsaid)
            order by line
            """,
            new { afterLine, limit },
            cancellationToken
        );

    public Task AppraiseAsync(IReadOnlyCollection<StagedTrade> trades, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            update staged
            set price = said.price, total_value = said.total_value, price_basis = said.price_basis, currency = said.currency
            from unnest(@lines, @prices, @totals, @bases, @currencies) as said (line, price, total_value, price_basis, currency)
            where staged.line = said.line and staged.leg = 0
            """,
            new
            {
                lines = trades.Select(trade => trade.Line).ToArray(),
                prices = trades.Select(trade => trade.Terms.Worth.Price).ToArray(),
                totals = trades.Select(trade => trade.Terms.Worth.Total).ToArray(),
                bases = trades.Select(trade => WireName.Of(trade.Terms.Worth.Basis)).ToArray(),
                currencies = trades.Select(trade => trade.Terms.Currency).ToArray(),
            },
            cancellationToken
        );

    public Task TakeOutAsync(IReadOnlyCollection<long> lines, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "delete from staged where line = any(@lines)",
            new { lines = lines.ToArray() },
            cancellationToken
        );

    /// <summary>Refused where another request has just brought one of them in another coin, whose position was not locked.</summary>
    public async Task<Result> InsertAsync(
        Guid portfolioId,
        Guid importId,
        Guid userId,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await database.ExecuteAsync(
                $"""
                insert into trading.trades
                    (id, user_id, portfolio_id, import_id, fingerprint, occurrence, {Columns})
                select id, @userId, @portfolioId, @importId, fingerprint, occurrence, {Columns.Replace(
                    "link_id",
                    "row_link_id",
                    StringComparison.Ordinal
                )}
                from sorted
                where fate = 'imported'
                order by id
                """,
                new
                {
                    userId,
                    portfolioId,
                    importId,
                },
                cancellationToken
            );
            return Result.Success;
        }
        catch (PostgresException exception) when (exception.ConstraintName == TradeConfiguration.ExternalIdentity)
        {
            return TradeErrors.Duplicate;
        }
    }

    /// <summary>Of the new ones.</summary>
    public Task<IReadOnlyList<Guid>> IdsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Guid>("select id from sorted where fate = 'imported'", null, cancellationToken);

    /// <summary>What the new ones do to positions.</summary>
    public async Task<IReadOnlyList<Movement>> MovementsAsync(CancellationToken cancellationToken)
    {
        var movements = new List<Movement>();
        await foreach (
            var row in reading.StreamAsync<SortedMovement>(
                """
                select id, coin_id, "timestamp", type in ('buy', 'deposit', 'income') as is_incoming,
                    quantity + case when not fee_in_coin then 0 when type in ('buy', 'deposit', 'income') then -fee else fee end as quantity
                from sorted
                where fate = 'imported'
                union all
                select id, fee_coin_id, "timestamp", false, fee
                from sorted
                where fate = 'imported' and deduct_fees and fee > 0 and fee_coin_id is not null
                """,
                null,
                cancellationToken
            )
        )
        {
            movements.Add(
                new Movement(
                    row.Id,
                    row.CoinId,
                    row.Timestamp,
                    row.IsIncoming,
                    row.Quantity,
                    UnitPrice: null,
                    IsImported: true
                )
            );
        }

        return movements;
    }

    /// <summary>
    /// A UUID of version 7 (RFC 9562, 6.2, method 1): the seed's time, then the trade's number, 26 bits of it, then the seed's random bits.
    /// </summary>
    private static string IdOf(string ordinal) =>
        $"""
            (substr(@idSeed, 1, 12) || '7' || lpad(to_hex({ordinal} >> 14), 3, '0') || to_hex(32768 | ({ordinal} & 16383)) || right(@idSeed, 12))::uuid
            """;

    private static object?[] Row(StagedTrade staged)
    {
        var terms = staged.Terms;
        return
        [
            staged.Line,
            staged.OtherLine,
            (short)staged.Leg,
            staged.Link,
            staged.Fingerprint,
            terms.CoinId,
            WireName.Of(terms.Type),
            terms.Quantity,
            terms.Worth.Price,
            terms.Worth.Total,
            WireName.Of(terms.Worth.Basis),
            terms.Currency,
            terms.Fee,
            terms.FeeCurrency,
            terms.FeeInCoin,
            terms.FeeCoinId,
            terms.DeductFees,
            terms.Timestamp.UtcDateTime,
            terms.AcquiredAt?.UtcDateTime,
            terms.Exchange,
            terms.Notes,
            terms.Tags,
            terms.LinkId,
            Trade.SourceOf(terms.Exchange),
            terms.ExternalId,
        ];
    }

    private sealed record Count
    {
        public required string Fate { get; init; }

        public required int Trades { get; init; }
    }

    private sealed record SortedMovement
    {
        public required Guid Id { get; init; }

        public required string CoinId { get; init; }

        public required DateTimeOffset Timestamp { get; init; }

        public required bool IsIncoming { get; init; }

        public required decimal Quantity { get; init; }
    }
}

/// <summary>A staged trade as it is read back.</summary>
internal sealed record SortedTrade
{
    public required long Line { get; init; }

    public required string Fate { get; init; }

    public bool IsAsked { get; init; }

    public required string CoinId { get; init; }

    public required TradeType Type { get; init; }

    public required decimal Quantity { get; init; }

    public required decimal Price { get; init; }

    public required decimal TotalValue { get; init; }

    public required PriceBasis PriceBasis { get; init; }

    public required string Currency { get; init; }

    public required decimal Fee { get; init; }

    public required string FeeCurrency { get; init; }

    public required bool FeeInCoin { get; init; }

    public string? FeeCoinId { get; init; }

    public required bool DeductFees { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public DateTimeOffset? AcquiredAt { get; init; }

    public string? Exchange { get; init; }

    public string? Notes { get; init; }

    public string[] Tags { get; init; } = [];

    public string? RowLinkId { get; init; }

    public string? ExternalId { get; init; }

    public TradeTerms ToTerms(Guid portfolioId) =>
        new()
        {
            PortfolioId = portfolioId,
            CoinId = CoinId,
            Type = Type,
            Quantity = Quantity,
            Worth = new Worth(Price, TotalValue, PriceBasis),
            Currency = Currency,
            Fee = Fee,
            FeeCurrency = FeeCurrency,
            FeeInCoin = FeeInCoin,
            FeeCoinId = FeeCoinId,
            DeductFees = DeductFees,
            Timestamp = Timestamp,
            AcquiredAt = AcquiredAt,
            Exchange = Exchange,
            ExternalId = ExternalId,
            LinkId = RowLinkId,
            Notes = Notes,
            Tags = Tags,
        };
}
