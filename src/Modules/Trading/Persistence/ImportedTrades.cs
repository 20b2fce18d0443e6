using CryptoBeacon.Trading.Domain;
using Npgsql;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>The set-based side of imports: one statement a step, however many rows.</summary>
internal sealed class ImportedTrades(IWriteDatabase database)
{
    /// <summary>Those that the portfolio has already, by the id of their source or by the fingerprint of their row.</summary>
    public async Task<IReadOnlySet<Guid>> KnownAsync(
        Guid portfolioId,
        IReadOnlyList<Trade> trades,
        CancellationToken cancellationToken
    )
    {
        var known = await database.QueryAsync<Guid>(
            // After a large import the table's statistics lag behind: taken for small, it would be read once for each candidate.
            """
            set local enable_nestloop = off;

            select candidate.id
            from unnest(@ids, @sources, @externalIds) as candidate (id, source, external_id)
            join trading.trades t
                on t.portfolio_id = @portfolioId and t.source = candidate.source and t.external_id = candidate.external_id
            union all
            select candidate.id
            from unnest(@ids, @fingerprints, @occurrences) as candidate (id, fingerprint, occurrence)
            join trading.trades t
                on t.portfolio_id = @portfolioId and t.fingerprint = candidate.fingerprint and t.occurrence = candidate.occurrence;

            set local enable_nestloop = on;
            """,
            new
            {
                portfolioId,
                ids = trades.Select(trade => trade.Id).ToArray(),
                sources = trades.Select(trade => trade.Source).ToArray(),
                externalIds = trades.Select(trade => trade.ExternalId).ToArray(),
                fingerprints = trades.Select(trade => trade.Fingerprint).ToArray(),
                occurrences = trades.Select(trade => trade.Occurrence).ToArray(),
            },
            cancellationToken
        );
        return known.ToHashSet();
    }

    /// <summary>Refused where another request has just brought one of them in another coin, whose position was not locked.</summary>
    public async Task<Result> InsertAsync(IReadOnlyList<Trade> trades, CancellationToken cancellationToken)
    {
        // COPY does not work on tables with row-level security: what it brings goes through a table of this transaction alone.
        await database.ExecuteAsync(
            "create temporary table new_trades (like trading.trades) on commit drop",
            null,
            cancellationToken
        );
        await database.CopyAsync(
            """
            copy new_trades (id, user_id, portfolio_id, coin_id, type, quantity, price, total_value, price_basis, currency, fee, fee_currency,
                fee_in_coin, fee_coin_id, deduct_fees, "timestamp", acquired_at, exchange, notes, tags, link_id, source, external_id,
                fingerprint, occurrence, import_id)
            from stdin (format binary)
            """,
            trades.Select(Row).ToAsyncEnumerable(),
            cancellationToken
        );
        try
        {
            await database.ExecuteAsync(
                "insert into trading.trades select * from new_trades order by id",
                null,
                cancellationToken
            );
            return Result.Success;
        }
        catch (PostgresException exception) when (exception.ConstraintName == TradeConfiguration.ExternalIdentity)
        {
            return TradeErrors.Duplicate;
        }
    }

    private static object?[] Row(Trade trade) =>
        [
            trade.Id,
            trade.UserId,
            trade.PortfolioId,
            trade.CoinId,
            WireName.Of(trade.Type),
            trade.Quantity,
            trade.Price,
            trade.TotalValue,
            WireName.Of(trade.PriceBasis),
            trade.Currency,
            trade.Fee,
            trade.FeeCurrency,
            trade.FeeInCoin,
            trade.FeeCoinId,
            trade.DeductFees,
            trade.Timestamp.UtcDateTime,
            trade.AcquiredAt?.UtcDateTime,
            trade.Exchange,
            trade.Notes,
            trade.Tags,
            trade.LinkId,
            trade.Source,
            trade.ExternalId,
            trade.Fingerprint,
            trade.Occurrence,
            trade.ImportId,
        ];
}
