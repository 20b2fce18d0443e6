namespace CryptoBeacon.Portfolios.Domain;

/// <summary>The instants of a series: both ends of its range, and each full hour or midnight of UTC between.</summary>
internal static class TimeGrid
{
    public const int MaxPoints = 10_000;

    public static readonly IReadOnlyDictionary<string, TimeSpan> Intervals = new Dictionary<string, TimeSpan>
    {
        ["1h"] = TimeSpan.FromHours(1),
        ["1d"] = TimeSpan.FromDays(1),
    };

    public static bool Fits(DateTimeOffset from, DateTimeOffset to, TimeSpan interval) =>
        (to - from) / interval < MaxPoints - 2;

    public static IReadOnlyList<DateTimeOffset> Of(DateTimeOffset from, DateTimeOffset to, TimeSpan interval)
    {
        var times = new List<DateTimeOffset> { from };
        var next = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % interval.Ticks), TimeSpan.Zero) + interval;
        for (; next < to; next += interval)
        {
            times.Add(next);
        }

        if (to > from)
        {
            times.Add(to);
        }

        return times;
    }
}
