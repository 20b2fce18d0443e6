using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>What a price did in one interval that opened at <paramref name="Time"/>.</summary>
internal sealed record Candle(
    DateTimeOffset Time,
    decimal Open,
    decimal High,
    decimal Low,
    decimal Close,
    decimal? Volume
)
{
    /// <summary>Why these numbers are no candle; null when they are one.</summary>
    public string? Fault(CandleInterval interval, DateTimeOffset now) =>
        this switch
        {
            _ when !interval.IsAligned(Time) => $"time must be the start of a {interval.Name} interval in UTC",
            _ when Time < Rules.EarliestTime => "time must not lie before 1900",
            _ when Time > now => "time must not lie in the future",
            { Low: < 0 } => "low must be 0 or greater",
            { Volume: < 0 } => "volume must be 0 or greater",
            _ when High < Math.Max(Low, Math.Max(Open, Close)) => "high must be the highest of the prices",
            _ when Low > Math.Min(Open, Close) => "low must be the lowest of the prices",
            _ => null,
        };
}
