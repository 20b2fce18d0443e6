using CryptoBeacon.Application.Contracts.Portfolios;

namespace CryptoBeacon.Portfolios.Persistence;

/// <summary>Positions and opening balances in sets, for the ledger.</summary>
internal sealed class Positions(
    IReadDatabase reads,
    IWriteDatabase writes,
    IUnitOfWork unitOfWork,
    ICurrentUser user,
    TimeProvider clock
) : IPositions
{
    public Task<PortfolioTerms?> FindPortfolioAsync(Guid portfolioId, CancellationToken cancellationToken) =>
        reads.QuerySingleOrDefaultAsync<PortfolioTerms>(
            // A key share lets other trades by, but neither the portfolio's deletion nor its revision: what was read of it stays true.
            unitOfWork.IsActive
                ? """
                select id, currency, cost_basis_method
                from portfolios.portfolios
                where user_id = @userId and id = @portfolioId
                for key share
                """
                : """
                select id, currency, cost_basis_method
                from portfolios.portfolios
                where user_id = @userId and id = @portfolioId
                """,
            new { userId = user.Id, portfolioId },
            cancellationToken
        );

    public Task<IReadOnlyList<PortfolioTerms>> ListPortfoliosAsync(CancellationToken cancellationToken) =>
        reads.QueryAsync<PortfolioTerms>(
            """
            select id, currency, cost_basis_method
            from portfolios.portfolios
            where user_id = @userId
            order by is_default desc, id
            """,
            new { userId = user.Id },
            cancellationToken
        );

    private const string SelectOpenings = """
        select coin_id, quantity, avg_buy_price, acquired_at
        from portfolios.opening_balances
        where user_id = @userId and portfolio_id = @portfolioId and (@coinIds::text[] is null or coin_id = any(@coinIds))
        """;

    private const string SelectCurrent = """
        select coin_id, quantity, shortfall, avg_buy_price, is_cost_complete
        from portfolios.portfolio_assets
        where user_id = @userId and portfolio_id = @portfolioId and (@coinIds::text[] is null or coin_id = any(@coinIds))
        """;

    public async Task<IReadOnlyDictionary<string, OpeningBalance>> OpeningBalancesAsync(
        Guid portfolioId,
        IReadOnlyCollection<string>? coinIds,
        CancellationToken cancellationToken
    )
    {
        var balances = await reads.QueryAsync<OpeningBalance>(
            SelectOpenings,
            Of(portfolioId, coinIds),
            cancellationToken
        );
        return balances.ToDictionary(balance => balance.CoinId);
    }

    public Task LockAsync(Guid portfolioId, IReadOnlyCollection<string> coinIds, CancellationToken cancellationToken) =>
        writes.LockAsync(coinIds.Select(coinId => $"position:{portfolioId}:{coinId}"), cancellationToken);

    public async Task<IReadOnlyDictionary<string, Position>> CurrentAsync(
        Guid portfolioId,
        IReadOnlyCollection<string>? coinIds,
        CancellationToken cancellationToken
    )
    {
        var positions = await reads.QueryAsync<Position>(SelectCurrent, Of(portfolioId, coinIds), cancellationToken);
        return positions.ToDictionary(position => position.CoinId);
    }

    public Task<PositionState> StateAsync(
        Guid portfolioId,
        IReadOnlyCollection<string> coinIds,
        CancellationToken cancellationToken
    ) =>
        reads.QueryMultipleAsync(
            $"{SelectCurrent}; {SelectOpenings}",
            Of(portfolioId, coinIds),
            async results => new PositionState(
                (await results.ReadAsync<Position>()).ToDictionary(position => position.CoinId),
                (await results.ReadAsync<OpeningBalance>()).ToDictionary(balance => balance.CoinId)
            ),
            cancellationToken
        );

    private object Of(Guid portfolioId, IReadOnlyCollection<string>? coinIds) =>
        new
        {
            userId = user.Id,
            portfolioId,
            coinIds = coinIds?.ToArray(),
        };

    public Task StoreAsync(
        Guid portfolioId,
        IReadOnlyCollection<Position> positions,
        CancellationToken cancellationToken
    ) =>
        writes.ExecuteAsync(
            """
            with positions as (
                select *
                from unnest(@coinIds, @quantities, @shortfalls, @averages, @complete)
                    as positions (coin_id, quantity, shortfall, avg_buy_price, is_cost_complete)
            ),
            stored as (
                insert into portfolios.portfolio_assets as assets
                    (id, portfolio_id, user_id, coin_id, quantity, shortfall, avg_buy_price, is_cost_complete, created_at, updated_at)
                select
                    platform.uuid_v7(), @portfolioId, @userId, coin_id, quantity, shortfall, avg_buy_price, is_cost_complete, @now, @now
                from positions
                where quantity > 0 or shortfall > 0
                on conflict (portfolio_id, coin_id) do update
                set quantity = excluded.quantity, shortfall = excluded.shortfall, avg_buy_price = excluded.avg_buy_price,
                    is_cost_complete = excluded.is_cost_complete, updated_at = excluded.updated_at
                where (assets.quantity, assets.shortfall, assets.avg_buy_price, assets.is_cost_complete)
                    is distinct from (excluded.quantity, excluded.shortfall, excluded.avg_buy_price, excluded.is_cost_complete)
            ),
            gone as (
                delete from portfolios.portfolio_assets
                where user_id = @userId and portfolio_id = @portfolioId
                    and coin_id in (select coin_id from positions where quantity = 0 and shortfall = 0)
            )
            update portfolios.portfolios set updated_at = @now where user_id = @userId and id = @portfolioId
            """,
            new
            {
                userId = user.Id,
                portfolioId,
                coinIds = positions.Select(p => p.CoinId).ToArray(),
                quantities = positions.Select(p => p.Quantity).ToArray(),
                shortfalls = positions.Select(p => p.Shortfall).ToArray(),
                averages = positions.Select(p => p.AvgBuyPrice).ToArray(),
                complete = positions.Select(p => p.IsCostComplete).ToArray(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <summary>What then is held is the ledger's to work out.</summary>
    public Task SetOpeningBalanceAsync(Guid portfolioId, OpeningBalance balance, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            """
            with balance as (
                insert into portfolios.opening_balances
                    (portfolio_id, user_id, coin_id, quantity, avg_buy_price, acquired_at, created_at, updated_at)
                values (@portfolioId, @userId, @coinId, @quantity, @avgBuyPrice, @acquiredAt, @now, @now)
                on conflict (portfolio_id, coin_id) do update
                set quantity = excluded.quantity, avg_buy_price = excluded.avg_buy_price, acquired_at = excluded.acquired_at,
                    updated_at = excluded.updated_at
            ),
            stale as (
                delete from portfolios.portfolio_snapshots where user_id = @userId and portfolio_id = @portfolioId
            )
            update portfolios.portfolios set updated_at = @now where user_id = @userId and id = @portfolioId
            """,
            new
            {
                userId = user.Id,
                portfolioId,
                coinId = balance.CoinId,
                quantity = balance.Quantity,
                avgBuyPrice = balance.AvgBuyPrice,
                acquiredAt = balance.AcquiredAt,
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    public Task DeleteOpeningBalanceAsync(Guid portfolioId, string coinId, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            """
            with balance as (
                delete from portfolios.opening_balances
                where user_id = @userId and portfolio_id = @portfolioId and coin_id = @coinId
            ),
            stale as (
                delete from portfolios.portfolio_snapshots where user_id = @userId and portfolio_id = @portfolioId
            )
            update portfolios.portfolios set updated_at = @now where user_id = @userId and id = @portfolioId
            """,
            new
            {
                userId = user.Id,
                portfolioId,
                coinId,
                now = clock.UtcNow(),
            },
            cancellationToken
        );
}
