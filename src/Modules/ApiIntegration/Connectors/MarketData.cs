using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>Something that a provider prices.</summary>
/// <param name="Symbol">The provider's own name of it, which calls use: <c>BTCUSDT</c>, <c>XXBTZUSD</c>, <c>bitcoin</c>.</param>
/// <param name="Asset">What is priced, as the field calls it: <c>BTC</c>.</param>
/// <param name="Currency">What it is priced in; null: in whatever is asked for.</param>
/// <param name="CoinId">Where the provider's names are ours; null: the asset's symbol says which coin it is.</param>
/// <param name="Name">Such as <c>Bitcoin</c>, where the provider says so.</param>
internal sealed record Listing(
    string Symbol,
    string Asset,
    string? Currency,
    string? CoinId = null,
    string? Name = null
);

/// <param name="Symbol">The provider's name of what is priced.</param>
/// <param name="Currency">What it is priced in, upper-case.</param>
internal readonly record struct Market(string Symbol, string Currency);

/// <summary>The candles of a market that open in [from, to).</summary>
internal readonly record struct CandleRange(
    Market Market,
    CandleInterval Interval,
    DateTimeOffset From,
    DateTimeOffset To
)
{
    public string Symbol => Uri.EscapeDataString(Market.Symbol);

    /// <summary>One that opens within an interval is under way.</summary>
    public bool Has(Candle candle) => candle.Time >= From && candle.Time < To && Interval.IsAligned(candle.Time);
}

/// <param name="Interval">Hours without a candle are asked for in it.</param>
/// <param name="ACall">How many candles one call gives at the most.</param>
/// <param name="HasMinutes">Whether single minutes can be asked for.</param>
/// <param name="Kept">So many of the newest candles of an interval there are; null: all.</param>
internal sealed record CandleHistory(string Interval, int ACall, bool HasMinutes = true, int? Kept = null);

/// <param name="Price">More than 0, exactly as the provider says it.</param>
/// <param name="AsOf">When it held; null: when it was asked for.</param>
internal sealed record MarketPrice(Market Market, decimal Price, DateTimeOffset? AsOf = null);
