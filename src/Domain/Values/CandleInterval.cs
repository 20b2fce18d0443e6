namespace CryptoBeacon.Domain.Values;

/// <summary>How long a candle lasts. Each interval divides the longer ones and the day, so that buckets are aligned to UTC.</summary>
public sealed record CandleInterval(string Name, TimeSpan Length)
{
    public static readonly CandleInterval Minute = new("1m", TimeSpan.FromMinutes(1));

    public static readonly IReadOnlyList<CandleInterval> All =
    [
        Minute,
        new("5m", TimeSpan.FromMinutes(5)),
        new("15m", TimeSpan.FromMinutes(15)),
        new("1h", TimeSpan.FromHours(1)),
        new("4h", TimeSpan.FromHours(4)),
        new("1d", TimeSpan.FromDays(1)),
    ];

    public static readonly string Rule = $"must be one of {string.Join(", ", All.Select(interval => interval.Name))}";

    public int Minutes => (int)Length.TotalMinutes;

    /// <summary>Those of which candles of this interval can be made: itself and the finer ones, finest first.</summary>
    public IEnumerable<CandleInterval> Sources => All.Where(source => source.Length <= Length);

    public static CandleInterval? Find(string? name) => All.FirstOrDefault(interval => interval.Name == name);

    /// <summary>The first start of an interval that is not before a time.</summary>
    public DateTimeOffset NextStart(DateTimeOffset time)
    {
        var past = time.UtcTicks % Length.Ticks;
        return past == 0 || time > DateTimeOffset.MaxValue - Length ? time : time.AddTicks(Length.Ticks - past);
    }

    public bool IsAligned(DateTimeOffset time) => time.UtcTicks % Length.Ticks == 0;
}
