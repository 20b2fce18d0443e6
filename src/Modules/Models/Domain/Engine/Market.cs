using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// The bars of a period: the opening times that any asset has, and where each asset's candles lie on them. Positions on this time line are called steps, to tell them
/// from the indexes of an asset's own candles, its bars.
/// </summary>
internal sealed class Market
{
    private const long Day = 24 * 60 * 60 * 1000;

    private Market(long[] times, IReadOnlyList<MarketAsset> assets, long interval)
    {
        Times = times;
        Assets = assets;
        Interval = interval;
    }

    /// <summary>Opening times in milliseconds since 1970, ascending.</summary>
    public long[] Times { get; }

    public IReadOnlyList<MarketAsset> Assets { get; }

    public long Interval { get; }

    public int Steps => Times.Length;

    /// <summary>Bars a year of 365 days.</summary>
    public double StepsPerYear => 365.0 * Day / Interval;

    /// <summary>From the first bar's open to the last one's close, in years of 365 days.</summary>
    public double Years => Steps == 0 ? 0 : (Times[^1] + Interval - Times[0]) / (365.0 * Day);

    public static Market Of(IReadOnlyList<CandleSeries> assets, long start, long end, long interval)
    {
        var ranges = assets
            .Select(asset => (First: asset.FirstAtOrAfter(start), End: asset.FirstAtOrAfter(end)))
            .ToArray();
        var own = assets.Zip(ranges, (asset, range) => asset.OpenTimes.AsMemory(range.First..range.End)).ToArray();
        var shared = own.Length == 0 ? default : own[0];
        var together = own.All(times => times.Span.SequenceEqual(shared.Span));
        var line = together
            ? Whole(assets, ranges) ?? shared.ToArray()
            : [.. own.SelectMany(times => MemoryMarshal.ToEnumerable<long>(times)).Distinct().Order()];
        return new(
            line,
            [
                .. assets.Select(
                    (asset, i) => new MarketAsset(asset, ranges[i].First, ranges[i].End, together ? null : line)
                ),
            ],
            interval
        );
    }

    /// <summary>The first asset's own times where all of them are in the period: half a million need not be copied.</summary>
    private static long[]? Whole(IReadOnlyList<CandleSeries> assets, (int First, int End)[] ranges) =>
        assets.Count > 0 && ranges[0] == (0, assets[0].Count) ? assets[0].OpenTimes : null;

    /// <summary>What each asset lacks of the regular bars from the period's start to its end.</summary>
    public IReadOnlyList<SkippedBars> SkippedBars(long start, long end)
    {
        var skipped = new List<SkippedBars>();
        foreach (var asset in Assets)
        {
            // The first regular opening time in the period.
            var next = start + (((-start % Interval) + Interval) % Interval);
            foreach (var time in asset.Candles.OpenTimes.AsSpan(asset.First..asset.End))
            {
                if (time > next)
                {
                    Skip(asset, next, time);
                }

                next = time + Interval;
            }

            if (end > next)
            {
                Skip(asset, next, end);
            }
        }

        skipped.Sort((a, b) => (a.Time, a.CoinId).CompareTo((b.Time, b.CoinId)));
        return skipped;

        void Skip(MarketAsset asset, long from, long to) =>
            skipped.Add(new(asset.Candles.CoinId, from, (int)((to - from + Interval - 1) / Interval)));
    }
}

/// <summary>One asset's candles on the time line of a <see cref="Market"/>.</summary>
internal sealed class MarketAsset
{
    // Null where the asset has every step, which is the rule: then they lie side by side.
    private readonly int[]? _bars;
    private readonly int[]? _steps;

    /// <param name="line">Null when the asset has every step.</param>
    public MarketAsset(CandleSeries candles, int first, int end, long[]? line)
    {
        (Candles, First, End) = (candles, first, end);
        if (line is null)
        {
            return;
        }

        (_bars, _steps) = (new int[line.Length], new int[end - first]);
        var bar = first - 1;
        for (var step = 0; step < line.Length; step++)
        {
            if (bar + 1 < end && candles.OpenTimes[bar + 1] == line[step])
            {
                _steps[++bar - first] = step;
            }

            _bars[step] = bar;
        }
    }

    public CandleSeries Candles { get; }

    /// <summary>The first bar of the period.</summary>
    public int First { get; }

    /// <summary>The bar after the last.</summary>
    public int End { get; }

    /// <summary>The bar of a step; where the asset lacks one, the bar before; <see cref="First"/> − 1 before its first.</summary>
    public int BarAt(int step) => _bars is null ? First + step : _bars[step];

    public int StepOf(int bar) => _steps is null ? bar - First : _steps[bar - First];

    public bool HasBarAt(int step) => _bars is null || (_bars[step] >= First && _steps![_bars[step] - First] == step);

    /// <summary>The open of a step's bar; where the asset lacks it, the close before.</summary>
    public double OpenAt(int step) =>
        _bars is null ? Candles.Open[First + step]
        : HasBarAt(step) ? Candles.Open[_bars[step]]
        : Candles.Close[_bars[step]];

    /// <summary>Adds what a quantity is worth at the closes from a step on.</summary>
    public void AddValue(double quantity, int step, Span<double> equity)
    {
        if (_bars is not null)
        {
            for (var i = 0; i < equity.Length; i++)
            {
                equity[i] += quantity * Candles.Close[_bars[step + i]];
            }

            return;
        }

        var prices = Candles.Close.AsSpan(First + step, equity.Length);
        var (many, lanes, at) = (Vector256.Create(quantity), Vector256<double>.Count, 0);
        for (; at <= equity.Length - lanes; at += lanes)
        {
            var value = equity.Slice(at, lanes);
            (Vector256.Create<double>(value) + (many * Vector256.Create(prices.Slice(at, lanes)))).CopyTo(value);
        }

        for (; at < equity.Length; at++)
        {
            equity[at] += quantity * prices[at];
        }
    }
}
