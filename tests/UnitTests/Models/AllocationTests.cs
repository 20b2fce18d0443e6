using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>What is done bar by bar allocates nothing, and can be stopped.</summary>
internal sealed class AllocationTests
{
    private static readonly CandleSeries Market = Candles.Random(1, 3000);

    private static IEnumerable<string> Indicators => IndicatorCatalogue.All.Select(indicator => indicator.Name);

    [TestCaseSource(nameof(Indicators))]
    public void An_indicator_s_formula_allocates_nothing(string name)
    {
        var call = IndicatorLine.Read(name, out _)!.Call;
        double[] arguments = [.. call.Arguments];
        var lines = new double[call.Indicator.Lines.Count + call.Indicator.Scratch][];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new double[Market.Count];
        }

        Compute();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Compute();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Compute() => call.Indicator.Compute(Market, arguments, lines, CancellationToken.None);
    }

    [TestCase("""{"strategy":"sma_cross","fast":3,"slow":900}""")]
    [TestCase("""{"strategy":"donchian_breakout","entryLength":900,"exitLength":450,"stopLossPercent":90}""")]
    [TestCase("""{"strategy":"rules","entry":{"all":[{"gt":["close","sma(5)"]},{"lt":["close",0]}]}}""")]
    public void Bars_on_which_nothing_is_traded_allocate_nothing(string configuration)
    {
        var request = Backtests.Request(configuration, Market);
        var market = CryptoBeacon.Models.Domain.Engine.Market.Of(
            request.Assets,
            request.Start,
            request.End,
            request.Interval
        );
        using var indicators = new IndicatorCache(CancellationToken.None);
        Play(out _);

        Play(out var allocated);

        Assert.That(allocated, Is.Zero);

        void Play(out long allocated)
        {
            var simulation = new Simulation(request, market, indicators, new(null), null);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var until = Simulation.Stretch; simulation.Run(until); until += Simulation.Stretch) { }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Falling steadily: every window's highest leaves it at each bar.</summary>
    private static readonly CandleSeries Falling = Candles.Closing([
        .. Enumerable.Range(0, 5000).Select(i => 10_000.0 - i),
    ]);

    [TestCase("wma(1000)")]
    [TestCase("hma(1000)")]
    [TestCase("kama(1000,2,30)")]
    [TestCase("vwma(1000)")]
    [TestCase("stdev(1000)")]
    [TestCase("bb(1000,2)")]
    [TestCase("cci(1000)")]
    [TestCase("mfi(1000)")]
    [TestCase("aroon(1000)")]
    [TestCase("donchian(1000)")]
    [TestCase("willr(1000)")]
    [TestCase("stoch(1000)")]
    [TestCase("ichimoku(1000,1100,1200)")]
    public void What_may_take_long_can_be_stopped(string expression)
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.That(
            () => IndicatorLine.Read(expression, out _)!.Call.Over(Falling, cancellationToken: stopped.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }

    [Test]
    public void A_run_that_never_trades_can_be_stopped_on_its_way()
    {
        using var stopping = new CancellationTokenSource();
        var request = Backtests.Request(
            """{"strategy":"rules","entry":{"lt":["close",0]}}""",
            Candles.Random(1, 3 * Simulation.Stretch)
        );

        Assert.That(
            () => BacktestEngine.Run(request, _ => stopping.Cancel(), stopping.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }
}
