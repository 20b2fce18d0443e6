namespace CryptoBeacon.Trading.Persistence;

internal enum TradeChange
{
    Created,
    Amended,
    Deleted,
}

/// <summary>Keeps every version of every trade, in the transaction that makes it.</summary>
internal sealed class TradeHistory(IWriteDatabase database)
{
    /// <summary>Call it when the rows are as the change leaves them, or, for a deletion, just before they go.</summary>
    public Task KeepAsync(TradeChange change, IEnumerable<Guid> tradeIds, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            select trading.keep_first_versions(@tradeIds) where @change = 'deleted';

            insert into trading.trade_history (trade_id, user_id, portfolio_id, version, change, before, after)
            select t.id, t.user_id, t.portfolio_id, coalesce(last.version, 0) + 1, @change, last.after,
                case when @change <> 'deleted' then trading.trade_as_shown(t) end
            from trading.trades t
            left join lateral (
                select h.version, h.after from trading.trade_history h where h.trade_id = t.id order by h.version desc limit 1
            ) last on @change <> 'created'
            where t.id = any(@tradeIds)
            order by t.id
            """,
            new { change = WireName.Of(change), tradeIds = tradeIds.ToArray() },
            cancellationToken
        );

    /// <summary>
    /// Call it before imported trades change: until it is written down, the first version of one is the trade itself.
    /// </summary>
    public Task KeepFirstAsync(IEnumerable<Guid> tradeIds, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "select trading.keep_first_versions(@tradeIds)",
            new { tradeIds = tradeIds.ToArray() },
            cancellationToken
        );

    /// <summary>Remembers the row of a file that an imported trade was, when somebody deletes it: importing the file again does not bring it back.</summary>
    public Task RememberRowAsync(Guid tradeId, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            insert into trading.deleted_rows (trade_id, user_id, portfolio_id, import_id, source, external_id, fingerprint, occurrence)
            select id, user_id, portfolio_id, import_id, source, external_id, fingerprint, occurrence
            from trading.trades
            where id = @tradeId and import_id is not null
            """,
            new { tradeId },
            cancellationToken
        );
}
