using System.Runtime.CompilerServices;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>A user's ledger as lots see it: in its order, each entry once, its amounts in one currency at the rates of their own times.</summary>
internal sealed class LotReader(IReadDatabase database, ICurrentUser user)
{
    private static readonly TimeSpan JustBefore = TimeSpan.FromMicroseconds(1);

    /// <summary>A portfolio, and those with which it shares lots: transfers lead there from it, at any remove.</summary>
    public async Task<IReadOnlySet<Guid>> ConnectedAsync(Guid portfolioId, CancellationToken cancellationToken)
    {
        var connected = await database.QueryAsync<Guid>(
            """
            with recursive connected (id) as (
                select @portfolioId::uuid
                union
                select other.portfolio_id
                from connected
                join trading.trades leg on leg.portfolio_id = connected.id
                join trading.trades other on other.user_id = leg.user_id and other.link_id = leg.link_id
                where leg.user_id = @userId and leg.link_id is not null and leg.type in ('deposit', 'withdrawal')
                    and other.type in ('deposit', 'withdrawal')
            )
            select id from connected
            """,
            new { userId = user.Id, portfolioId },
            cancellationToken
        );
        return connected.ToHashSet();
    }

    /// <param name="portfolioIds">With all that are connected with one of them.</param>
    /// <param name="coinId">Null: all coins.</param>
    /// <param name="until">The time of the last entries.</param>
    /// <param name="rates">Where the rates that are used are written down.</param>
    public async IAsyncEnumerable<LotEntry> ReadAsync(
        Guid[] portfolioIds,
        string currency,
        string? coinId,
        DateTimeOffset until,
        RatesUsed rates,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var openings = new Queue<LotEntry>(
            await OpeningsAsync(portfolioIds, currency, coinId, until, rates, cancellationToken)
        );
        var trades = TradesAsync(portfolioIds, currency, coinId, until, cancellationToken);
        await foreach (var trade in trades.WithCancellation(cancellationToken))
        {
            while (openings.TryPeek(out var opening) && opening.At <= trade.At)
            {
                yield return openings.Dequeue();
            }

            yield return trade.ToEntry(currency, rates);
        }

        while (openings.TryDequeue(out var opening))
        {
            yield return opening;
        }
    }

    /// <summary>What one unit of coins was worth at a time; those without a rate are absent.</summary>
    public async Task<IReadOnlyDictionary<string, decimal?>> PricesAsync(
        IReadOnlyCollection<string> coinIds,
        string currency,
        DateTimeOffset at,
        RatesUsed rates,
        CancellationToken cancellationToken
    )
    {
        var prices = await database.QueryAsync<PriceRow>(
            """
            select coin.id as coin_id, rate.price, rate.as_of, rate.route
            from unnest(@coinIds) coin (id)
            cross join lateral api_integration.rate_at(coin.id, @currency, @at) rate
            """,
            new
            {
                coinIds = coinIds.ToArray(),
                currency,
                at,
            },
            cancellationToken
        );
        foreach (var price in prices)
        {
            rates.Add(price.CoinId, price.Route, price.AsOf, at);
        }

        return prices.ToDictionary(price => price.CoinId, price => (decimal?)price.Price);
    }

    private async Task<IReadOnlyList<LotEntry>> OpeningsAsync(
        Guid[] portfolioIds,
        string currency,
        string? coinId,
        DateTimeOffset until,
        RatesUsed rates,
        CancellationToken cancellationToken
    )
    {
        var openings = await database.QueryAsync<OpeningRow>(
            """
            select opening.portfolio_id, opening.coin_id, opening.quantity, opening.avg_buy_price, opening.acquired_at, opening.created_at,
                least(first_trade.at, first_fee.at) as first_trade_at, opening.currency = @currency as is_in_currency,
                rate.price as rate, rate.coin_id as rate_coin_id, rate.as_of, rate.route
            from portfolios.opening_lots() opening
            cross join lateral (
                select min(t."timestamp") as at
                from trading.trades t
                where t.portfolio_id = opening.portfolio_id and t.coin_id = opening.coin_id
            ) first_trade
            cross join lateral (
                select min(t."timestamp") as at
                from trading.trades t
                where t.portfolio_id = opening.portfolio_id and t.fee_coin_id = opening.coin_id and t.deduct_fees
            ) first_fee
            left join lateral (
                select coin.id as coin_id, rate_at.*
                from api_integration.coin_of_currency(opening.currency) coin (id)
                cross join lateral api_integration.rate_at(
                    coin.id, @currency, coalesce(opening.acquired_at, least(first_trade.at, first_fee.at), opening.created_at))
                where opening.currency <> @currency
            ) rate on true
            where opening.user_id = @userId and opening.portfolio_id = any(@portfolioIds) and (@coinId::text is null or opening.coin_id = @coinId)
                and (opening.acquired_at is null or opening.acquired_at <= @until)
            """,
            new
            {
                userId = user.Id,
                portfolioIds,
                currency,
                coinId,
                until,
            },
            cancellationToken
        );
        return [.. openings.Select(opening => opening.ToEntry(until, rates)).OrderBy(entry => entry.At)];
    }

    private IAsyncEnumerable<TradeRow> TradesAsync(
        Guid[] portfolioIds,
        string currency,
        string? coinId,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        database.StreamAsync<TradeRow>(
            // Only what is not in the currency already is converted, and only links are followed. A fee that was taken out of a third coin's
            // holding is a sale of that coin at what the fee was worth. OFFSET 0 keeps the planner from looking for the other half of trades without a
            // link, too.
            """
            select t.id, t.portfolio_id, t."timestamp" as at, leg.coin_id, leg.type, leg.quantity, t.quantity as traded, t.acquired_at,
                leg.is_fee, t.exchange, t.tags,
                case when leg.is_fee then t.fee else worth.amount end as amount,
                case when leg.is_fee then fee_rate.price else worth.price end as price,
                worth.coin_id as price_coin_id, worth.as_of as price_as_of, worth.route as price_route,
                case when t.fee_in_coin or leg.is_fee then 0 else t.fee end as fee,
                fee_rate.price as fee_price, coalesce(t.fee_coin_id, t.fee_currency) as fee_coin_id, fee_rate.as_of as fee_as_of,
                fee_rate.route as fee_route,
                case t.type when 'deposit' then t.id else half.id end as deposit_id,
                case when not leg.is_fee and half.id is not null then least(leg.quantity, half.quantity) end as transferred,
                half.portfolio_id = t.portfolio_id as is_within
            from trading.trades t
            cross join lateral (
                select t.link_id is null and t.currency = @currency and t.price_basis <> 'unknown' as plain,
                    case when t.fee_in_coin then t.fee else 0 end as coin_fee
            ) this
            left join lateral (
                select t.total_value as amount, 1::numeric as price, null as coin_id, null::timestamptz as as_of, null::text[] as route
                where this.plain
                union all
                select * from trading.worth_in(t, @currency) where not this.plain
            ) worth on true
            left join lateral (
                select 1::numeric as price, null::timestamptz as as_of, null::text[] as route
                where t.fee_currency = @currency
                union all
                select rate.price, rate.as_of, rate.route
                from api_integration.rate_at(
                    coalesce(t.fee_coin_id, api_integration.coin_of_currency(t.fee_currency)), @currency,
                    date_trunc('minute', t."timestamp")) rate
                where t.fee_currency <> @currency and t.fee > 0 and not t.fee_in_coin
            ) fee_rate on true
            left join lateral (
                select half.id, half.portfolio_id,
                    case half.type when 'deposit' then half.quantity - coin.fee else half.quantity + coin.fee end as quantity
                from trading.counterpart(t) half
                cross join lateral (select case when half.fee_in_coin then half.fee else 0 end as fee) coin
                where t.link_id is not null and t.type in ('deposit', 'withdrawal')
                offset 0
            ) half on true
            cross join lateral (
                select t.coin_id, t.type, false as is_fee,
                    case when t.type in ('buy', 'deposit', 'income') then t.quantity - this.coin_fee else t.quantity + this.coin_fee end
                        as quantity
                union all
                select t.fee_coin_id, 'sell', true, t.fee where t.deduct_fees and t.fee_coin_id is not null and t.fee > 0
            ) leg
            where t.user_id = @userId and t.portfolio_id = any(@portfolioIds) and t."timestamp" <= @until
                and (@coinId::text is null or t.coin_id = @coinId or t.fee_coin_id = @coinId)
                and (@coinId::text is null or leg.coin_id = @coinId)
            order by t."timestamp", leg.type not in ('buy', 'deposit', 'income'), t.id, leg.is_fee
            """,
            new
            {
                userId = user.Id,
                portfolioIds,
                currency,
                coinId,
                until,
            },
            cancellationToken
        );

    private sealed record PriceRow
    {
        public required string CoinId { get; init; }

        public required decimal Price { get; init; }

        public required DateTimeOffset AsOf { get; init; }

        public required string[] Route { get; init; }
    }

    private sealed record OpeningRow
    {
        public required Guid PortfolioId { get; init; }

        public required string CoinId { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal AvgBuyPrice { get; init; }

        public DateTimeOffset? AcquiredAt { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? FirstTradeAt { get; init; }

        public required bool IsInCurrency { get; init; }

        public decimal? Rate { get; init; }

        public string? RateCoinId { get; init; }

        public DateTimeOffset? AsOf { get; init; }

        public string[]? Route { get; init; }

        /// <summary>Just before the first trade unless dated.</summary>
        public LotEntry ToEntry(DateTimeOffset until, RatesUsed rates)
        {
            var acquiredAt = AcquiredAt ?? FirstTradeAt - JustBefore ?? CreatedAt;
            if (Route is { } route)
            {
                rates.Add(RateCoinId!, route, AsOf!.Value, acquiredAt);
            }

            var value = Exact.Estimate(Quantity, AvgBuyPrice);
            return new LotEntry
            {
                PortfolioId = PortfolioId,
                TradeId = null,
                CoinId = CoinId,
                Type = TradeType.Deposit,
                At = acquiredAt < until ? acquiredAt : until,
                AcquiredAt = acquiredAt,
                Quantity = Quantity,
                Value =
                    IsInCurrency ? value
                    : value is { } known && Rate is { } rate ? Exact.Estimate(known, rate)
                    : null,
            };
        }
    }

    private sealed record TradeRow
    {
        public required Guid Id { get; init; }

        public required Guid PortfolioId { get; init; }

        public required DateTimeOffset At { get; init; }

        public required string CoinId { get; init; }

        public required TradeType Type { get; init; }

        public required decimal Quantity { get; init; }

        /// <summary>Without a fee in the coin itself: what the amount is of.</summary>
        public required decimal Traded { get; init; }

        public DateTimeOffset? AcquiredAt { get; init; }

        public decimal? Amount { get; init; }

        public decimal? Price { get; init; }

        public string? PriceCoinId { get; init; }

        public DateTimeOffset? PriceAsOf { get; init; }

        public string[]? PriceRoute { get; init; }

        public required decimal Fee { get; init; }

        public decimal? FeePrice { get; init; }

        public required string FeeCoinId { get; init; }

        public DateTimeOffset? FeeAsOf { get; init; }

        public string[]? FeeRoute { get; init; }

        public required bool IsFee { get; init; }

        public string? Exchange { get; init; }

        public string[]? Tags { get; init; }

        public Guid? DepositId { get; init; }

        /// <summary>Null where it is none of a transfer; an income with a link is none, nor is a fee.</summary>
        public decimal? Transferred { get; init; }

        public bool? IsWithin { get; init; }

        public LotEntry ToEntry(string currency, RatesUsed rates)
        {
            if (PriceRoute is { } route)
            {
                rates.Add(PriceCoinId!, route, PriceAsOf!.Value, At);
            }

            if (FeeRoute is { } feeRoute)
            {
                rates.Add(FeeCoinId, feeRoute, FeeAsOf!.Value, At);
            }

            var fee = Times(Fee, FeePrice);
            return new LotEntry
            {
                PortfolioId = PortfolioId,
                TradeId = Id,
                CoinId = CoinId,
                Type = Type,
                At = At,
                AcquiredAt = AcquiredAt,
                Quantity = Quantity,
                IsFee = IsFee,
                Exchange = Exchange,
                Tags = Tags ?? [],
                Value = Worth(),
                Fee = fee ?? 0,
                UnknownFee = fee is null ? new Gap(Id, FeeCoinId, Fee, GapKind.Fee) : null,
                Transfer = Transferred is { } transferred
                    ? new Transfer(DepositId!.Value, transferred, IsWithin!.Value)
                    : null,
            };
        }

        /// <summary>Of a sale what was got for it; of a withdrawal all that leaves, its fee in the coin included.</summary>
        private decimal? Worth()
        {
            var worth = Times(Amount, Price);
            return Type == TradeType.Withdrawal && Quantity != Traded && worth is { } known
                ? Exact.Estimate(known, Quantity, Traded)
                : worth;
        }

        private static decimal? Times(decimal? amount, decimal? price) =>
            amount is 0 ? 0
            : price is 1 ? amount
            : amount is { } a && price is { } p ? Exact.Estimate(a, p)
            : null;
    }
}
