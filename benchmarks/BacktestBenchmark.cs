using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Strategies;
using CryptoBeacon.Models.Domain.Sweeps;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// A crossing of averages with fees over half a million minutes: the engine with its full results beside a bare loop over <c>double[]</c> that knows nothing else and ends with one
/// number; and a sweep over 400 pairs beside the same loop, run 400 times.
/// </summary>
internal static class BacktestBenchmark
{
    private const int Bars = 500_000;
    private const long Minute = 60_000;
    private const double FeeRate = 0.001;
    private const double Capital = 10_000;
    private const int Rounds = 40;
    private const int SweepRounds = 3;
    private const int InARow = 3;

    public static Task RunAsync()
    {
        var candles = Walk();
        var request = Request(candles, 10, 30);
        var (bare, engine) = ByTurns(
            () => BareLoop(candles.Open, candles.Close, 10, 30),
            () => FullResults(BacktestEngine.Run(request)),
            Rounds
        );
        Console.WriteLine($"{"", 8} {"bars/s", 14} {"of bare", 8} {"CPU of bare", 11} {"final equity", 14}");
        Write("bare", bare);
        Write("engine", engine);
        return Task.CompletedTask;

        void Write(string name, Timing run) =>
            Console.WriteLine(
                $"{name, 8} {Bars / run.Seconds, 14:N0} {bare.Seconds / run.Seconds, 8:0.00} {bare.Cpu / run.Cpu, 11:0.00} {run.Result, 14:0.000000}"
            );
    }

    public static Task RunSweepAsync()
    {
        var candles = Walk();
        int[] fasts = [.. Enumerable.Range(1, 20).Select(i => 5 * i)];
        int[] slows = [.. Enumerable.Range(1, 20).Select(i => 100 + (10 * i))];
        Console.WriteLine($"{"", 8} {"seconds", 8} {"of bare", 8} {"CPU of bare", 11} {"allocated", 10} {"best", 14}");
        for (var threads = 1; threads <= Environment.ProcessorCount; threads *= 2)
        {
            var request = new SweepRequest
            {
                Base = Request(candles, 10, 30),
                Configuration = Configuration(10, 30),
                Axes = [Axis("/fast", fasts), Axis("/slow", slows)],
                Metric = MetricCatalogue.Find("finalEquity")!,
                Threads = threads,
            };
            var before = GC.GetTotalAllocatedBytes();
            var (bare, sweep) = ByTurns(
                BareSweep,
                () => Sweep.Run(request).Best!.Metrics.FinalEquity.Value!.Value,
                SweepRounds
            );
            var allocated = (GC.GetTotalAllocatedBytes() - before) / (SweepRounds * InARow) / 1_000_000;
            Write("bare", bare, "");
            Write($"{threads} thr.", sweep, $"{allocated:N0} MB");

            void Write(string name, Timing run, string allocated) =>
                Console.WriteLine(
                    $"{name, 8} {run.Seconds, 8:0.00} {run.Seconds / bare.Seconds, 8:0.00} {run.Cpu / bare.Cpu, 11:0.00} {allocated, 10} {run.Result, 14:0.000000}"
                );
        }

        return Task.CompletedTask;

        double BareSweep()
        {
            var best = 0.0;
            foreach (var fast in fasts)
            {
                foreach (var slow in slows)
                {
                    best = Math.Max(best, BareLoop(candles.Open, candles.Close, fast, slow));
                }
            }

            return best;
        }
    }

    /// <summary>Reads the yardstick, which is worked out where it is read: it belongs to the results.</summary>
    private static double FullResults(BacktestOutcome outcome)
    {
        Span<double> equity = stackalloc double[1000];
        for (var step = 0; step < Bars; step += equity.Length)
        {
            outcome.BuyAndHold.CopyTo(step, equity);
        }

        return outcome.Metrics.FinalEquity.Value!.Value;
    }

    /// <summary>Running sums, a cross on the close, all in or all out at the next open.</summary>
    private static double BareLoop(double[] open, double[] close, int fast, int slow)
    {
        var (cash, quantity, fastSum, slowSum) = (Capital, 0.0, 0.0, 0.0);
        var (above, wasAbove, order) = (false, true, 0);
        for (var i = 0; i < close.Length; i++)
        {
            if (order > 0 && quantity == 0)
            {
                quantity = cash / (open[i] * (1 + FeeRate));
                cash = 0;
            }
            else if (order < 0 && quantity > 0)
            {
                cash = quantity * open[i] * (1 - FeeRate);
                quantity = 0;
            }

            order = 0;
            fastSum += close[i];
            slowSum += close[i];
            if (i >= fast)
            {
                fastSum -= close[i - fast];
            }

            if (i >= slow)
            {
                slowSum -= close[i - slow];
            }

            if (i >= slow - 1)
            {
                above = fastSum * slow > slowSum * fast;
                if (i >= slow && above != wasAbove)
                {
                    order = above ? 1 : -1;
                }

                wasAbove = above;
            }
        }

        return cash + (quantity * close[^1]);
    }

    /// <summary>Both by turns, so that whatever else the machine does meets both: the fastest of each, and the least that either took of the processor, collections of garbage included.</summary>
    private static (Timing One, Timing Other) ByTurns(Func<double> one, Func<double> other, int rounds)
    {
        // The first rounds are compiled while they run.
        var (fastest, fastestOther) = (Timing.None, Timing.None);
        for (var round = 0; round < rounds; round++)
        {
            // Several in a row, so that each finds in the cache what it left there.
            for (var repeat = 0; repeat < InARow; repeat++)
            {
                fastest = fastest.Or(Timing.Of(one));
            }

            for (var repeat = 0; repeat < InARow; repeat++)
            {
                fastestOther = fastestOther.Or(Timing.Of(other));
            }
        }

        return (fastest, fastestOther);
    }

    private readonly record struct Timing(double Seconds, double Cpu, double Result)
    {
        public static readonly Timing None = new(double.PositiveInfinity, double.PositiveInfinity, 0);

        public static Timing Of(Func<double> work)
        {
            var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var result = work();
            return new(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
                result
            );
        }

        public Timing Or(Timing next) => new(Math.Min(Seconds, next.Seconds), Math.Min(Cpu, next.Cpu), next.Result);
    }

    private static BacktestRequest Request(CandleSeries candles, int fast, int slow) =>
        new()
        {
            Assets = [candles],
            Configuration = StrategyConfiguration.Read(
                JsonSerializer.SerializeToElement(Configuration(fast, slow)),
                out _
            )!,
            Start = candles.OpenTimes[0],
            End = candles.OpenTimes[^1] + Minute,
            Interval = Minute,
            InitialCapital = Capital,
            FeeRate = FeeRate,
        };

    private static JsonObject Configuration(int fast, int slow) =>
        new()
        {
            ["strategy"] = "sma_cross",
            ["fast"] = fast,
            ["slow"] = slow,
        };

    private static SweepAxis Axis(string pointer, int[] values) =>
        new(pointer, [.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    private static CandleSeries Walk()
    {
        var random = new Random(1);
        var (open, high, low, close) = (new double[Bars], new double[Bars], new double[Bars], new double[Bars]);
        var price = 20_000.0;
        for (var i = 0; i < Bars; i++)
        {
            open[i] = price;
            close[i] = price = Math.Round(price * (1 + (0.002 * (random.NextDouble() - 0.5))), 2);
            high[i] = Math.Max(open[i], close[i]);
            low[i] = Math.Min(open[i], close[i]);
        }

        return new(
            "bitcoin",
            [.. Enumerable.Range(0, Bars).Select(i => i * Minute)],
            open,
            high,
            low,
            close,
            new double[Bars]
        );
    }
}
