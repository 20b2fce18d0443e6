using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Portfolios.Domain;

/// <summary>What one portfolio holds of a coin, with its rates at the time of the valuation and 24 hours before.</summary>
internal sealed record Holding
{
    public required Guid PortfolioId { get; init; }

    public required string CoinId { get; init; }

    public required decimal Quantity { get; init; }

    public required decimal Shortfall { get; init; }

    /// <summary>In the currency of the valuation; null when no cost is known.</summary>
    public decimal? AvgBuyPrice { get; init; }

    public required bool IsCostComplete { get; init; }

    public decimal? Price { get; init; }

    public DateTimeOffset? PriceAsOf { get; init; }

    public string[]? Route { get; init; }

    public decimal? PriceDayBefore { get; init; }
}

internal sealed record AssetValuation
{
    public required string CoinId { get; init; }

    public required decimal Quantity { get; init; }

    public decimal? AvgBuyPrice { get; init; }

    public decimal? Price { get; init; }

    public decimal? Value { get; init; }

    public decimal? Cost { get; init; }

    public decimal? UnrealizedPnl { get; init; }

    public decimal? UnrealizedPnlPercent { get; init; }

    public decimal? AllocationPercent { get; init; }

    public decimal? Change24hPercent { get; init; }

    public DateTimeOffset? PriceAsOf { get; init; }
}

internal enum MissingInput
{
    /// <summary>No rate of the coin in the currency at that time.</summary>
    Price,

    /// <summary>The cost, or the rate of the cost's currency, of something acquired.</summary>
    Cost,

    /// <summary>Of something sold.</summary>
    Acquisition,

    /// <summary>A number of 28 digits: the product of quantity and price has more.</summary>
    Digits,
}

/// <param name="Quantity">Of a missing acquisition.</param>
/// <param name="TradeId">The entry of the ledger that it is missing for, where it is one.</param>
internal sealed record Missing(string CoinId, MissingInput What, decimal? Quantity = null, Guid? TradeId = null);

/// <param name="Route">The stored pairs that the rate is made of.</param>
internal sealed record RateUsed(string CoinId, string Currency, IReadOnlyList<string> Route, DateTimeOffset AsOf)
{
    public static IReadOnlyList<RateUsed> Of(IEnumerable<Holding> holdings, string currency) =>
        [
            .. from holding in holdings
            where holding is { Quantity: > 0, PriceAsOf: not null }
            group holding by holding.CoinId into coin
            orderby coin.Key
            let rate = coin.First()
            select new RateUsed(coin.Key, currency, rate.Route ?? [], rate.PriceAsOf!.Value),
        ];

    public static DateTimeOffset? OldestOf(IEnumerable<RateUsed> rates) =>
        rates.Min(rate => (DateTimeOffset?)rate.AsOf);
}

/// <summary>
/// Assets at the rates of one time. What misses a price or a cost is in no total that needs it, and named: never counted as zero.
/// </summary>
/// <remarks>
/// Fees are left out: the unrealised gain is quantity × price − quantity × average buy price. The change of 24 hours is that of what is held
/// now, not of what was held then. Cost and gain total over what has both a price and a cost, so that gain = value − cost of the same assets. A total of which no asset has its part is null.
/// </remarks>
internal sealed record Valuation
{
    public decimal? TotalValue { get; private init; }

    public decimal? TotalCost { get; private init; }

    public decimal? UnrealizedPnl { get; private init; }

    public decimal? UnrealizedPnlPercent { get; private init; }

    public decimal? Change24h { get; private init; }

    public decimal? Change24hPercent { get; private init; }

    public bool IsComplete => Missing.Count == 0;

    public required IReadOnlyList<AssetValuation> Assets { get; init; }

    public required IReadOnlyList<Missing> Missing { get; init; }

    public static Valuation Of(IReadOnlyCollection<Holding> holdings)
    {
        var lines = holdings.Where(holding => holding.Quantity > 0).Select(Line.Of).ToArray();
        var valued = lines.Where(line => line.Value is not null).ToArray();
        var gaining = valued.Where(line => line.Cost is not null).ToArray();
        var moving = valued.Where(line => line.ValueDayBefore is not null).ToArray();

        var totalValue = Total(lines, line => line.Value);
        var totalCost = Total(gaining, line => line.Cost);
        var pnl = Difference(Total(gaining, line => line.Value), totalCost);
        var valueDayBefore = Total(moving, line => line.ValueDayBefore);
        var change = Difference(Total(moving, line => line.Value), valueDayBefore);
        if (lines.Length > 0)
        {
            totalCost = gaining.Length == 0 ? null : totalCost;
            pnl = gaining.Length == 0 ? null : pnl;
            change = moving.Length == 0 ? null : change;
        }

        var allocations = Allocate(valued, totalValue);

        return new Valuation
        {
            TotalValue = totalValue,
            TotalCost = totalCost,
            UnrealizedPnl = pnl,
            UnrealizedPnlPercent = Percent(pnl, totalCost),
            Change24h = change,
            Change24hPercent = Percent(change, valueDayBefore),
            Assets = [.. lines.Select(line => line.ToAsset(allocations.GetValueOrDefault(line)))],
            Missing =
            [
                .. holdings.SelectMany(MissingOf),
                .. lines.Where(line => line.IsTooLarge).Select(TooLarge),
                .. Overflow(lines, totalValue, totalCost),
            ],
        };
    }

    private static Missing TooLarge(Line line) => new(line.Holding.CoinId, MissingInput.Digits);

    /// <summary>Where every part fits and their sum does not, all of them are named.</summary>
    private static IEnumerable<Missing> Overflow(Line[] lines, decimal? totalValue, decimal? totalCost) =>
        lines
            .Where(line =>
                (totalValue is null && line.Value is not null)
                || (totalCost is null && line.Value is not null && line.Cost is not null)
            )
            .Select(TooLarge);

    private static IEnumerable<Missing> MissingOf(Holding holding)
    {
        if (holding is { Quantity: > 0, Price: null })
        {
            yield return new Missing(holding.CoinId, MissingInput.Price);
        }

        if (holding.Quantity > 0 && (holding.AvgBuyPrice is null || !holding.IsCostComplete))
        {
            yield return new Missing(holding.CoinId, MissingInput.Cost);
        }

        if (holding.Shortfall > 0)
        {
            yield return new Missing(holding.CoinId, MissingInput.Acquisition, holding.Shortfall);
        }
    }

    /// <summary>Shares of the total in per cent. They add up to exactly 100: the last that is not 0 takes what rounding has left.</summary>
    private static Dictionary<Line, decimal?> Allocate(Line[] valued, decimal? total)
    {
        var shares = valued.ToDictionary(line => line, line => Percent(line.Value, total));
        var last = valued.LastOrDefault(line => line.Value > 0);
        if (last is not null && shares[last] is not null)
        {
            shares[last] = 100 - shares.Where(share => share.Key != last).Sum(share => share.Value);
        }

        return shares;
    }

    private static decimal? Percent(decimal? part, decimal? whole) =>
        part is { } p && whole is { } w && w != 0 ? Exact.Estimate(p, 100, w) : null;

    /// <summary>Of those lines that have it: 0 where there is no line at all, null where none of them has it or the sum does not fit.</summary>
    private static decimal? Total(Line[] lines, Func<Line, decimal?> part)
    {
        var parts = lines.Select(part).Where(amount => amount is not null).ToArray();
        return parts.Length == 0 && lines.Length > 0
            ? null
            : parts.Aggregate((decimal?)0, (sum, amount) => sum is { } s ? Exact.Add(s, amount!.Value) : null);
    }

    private static decimal? Difference(decimal? a, decimal? b) => a is { } x && b is { } y ? Exact.Add(x, -y) : null;

    private sealed record Line(Holding Holding, decimal? Value, decimal? Cost, decimal? ValueDayBefore)
    {
        public static Line Of(Holding holding) =>
            new(
                holding,
                Times(holding.Quantity, holding.Price),
                Times(holding.Quantity, holding.AvgBuyPrice),
                Times(holding.Quantity, holding.PriceDayBefore)
            );

        public bool IsTooLarge =>
            (Value is null && Holding.Price is not null) || (Cost is null && Holding.AvgBuyPrice is not null);

        public AssetValuation ToAsset(decimal? allocation)
        {
            var pnl = Difference(Value, Cost);
            return new AssetValuation
            {
                CoinId = Holding.CoinId,
                Quantity = Holding.Quantity,
                AvgBuyPrice = Holding.AvgBuyPrice,
                Price = Holding.Price,
                Value = Value,
                Cost = Cost,
                UnrealizedPnl = pnl,
                UnrealizedPnlPercent = Percent(pnl, Cost),
                AllocationPercent = allocation,
                Change24hPercent = Percent(Difference(Holding.Price, Holding.PriceDayBefore), Holding.PriceDayBefore),
                PriceAsOf = Holding.PriceAsOf,
            };
        }

        private static decimal? Times(decimal quantity, decimal? price) =>
            price is { } p ? Exact.Estimate(quantity, p) : null;
    }
}
