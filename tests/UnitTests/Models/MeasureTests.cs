using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>The measures of a run, by hand and against <see cref="ReturnSeries"/>.</summary>
internal sealed class MeasureTests
{
    [Test]
    public void Measures_of_the_curve_are_those_of_the_series_of_its_returns([Values(1, 2, 3)] int seed)
    {
        var request = Backtests.Request(
            """{"strategy":"sma_cross","fast":2,"slow":7,"direction":"both"}""",
            Candles.Random(seed, 500)
        ) with
        {
            RiskFreeRate = 0.03,
        };

        var outcome = request.Run();

        var equity = outcome.Equity.Prepend(10_000).ToArray();
        var series = new ReturnSeries([.. equity.Zip(equity.Skip(1), (a, b) => (double?)((b / a) - 1))], 365, 0.03);
        var metrics = outcome.Metrics;
        Assert.That(metrics.TotalReturn.Value, Is.EqualTo(series.TotalReturn).Within(1e-9));
        Assert.That(metrics.AnnualizedReturn.Value, Is.EqualTo(series.AnnualizedReturn).Within(1e-9));
        Assert.That(metrics.Volatility.Value, Is.EqualTo(series.Volatility).Within(1e-9));
        Assert.That(metrics.Sharpe.Value, Is.EqualTo(series.Sharpe).Within(1e-9));
        Assert.That(metrics.Sortino.Value, Is.EqualTo(series.Sortino).Within(1e-9));
        Assert.That(metrics.Calmar.Value, Is.EqualTo(series.Calmar).Within(1e-9));
        Assert.That(metrics.MaxDrawdown.Value, Is.EqualTo(series.MaxDrawdown).Within(1e-9));
    }

    [Test]
    public void Trades_are_summed_up_in_ratios_and_in_money()
    {
        // Buys at 100, 100, 100; sells at 110, 80, 105, each with a fixed quantity of ten.
        var candles = Candles.Closing(100, 100, 110, 100, 100, 80, 100, 100, 105, 105);
        string[] entries = [Backtests.Time(0), Backtests.Time(3), Backtests.Time(6)];
        string[] exits = [Backtests.Time(2), Backtests.Time(5), Backtests.Time(8)];

        var metrics = Backtests
            .Run(
                $$"""{"strategy":"signals","entries":["{{string.Join("\",\"", entries)}}"],"exits":["{{string.Join("\",\"", exits)}}"],"size":{"quantity":10} }""",
                candles
            )
            .Metrics;

        Assert.That(metrics.Trades.Value, Is.EqualTo(3));
        Assert.That(metrics.WinRate.Value, Is.EqualTo(2 / 3.0).Within(1e-12));
        Assert.That(metrics.AverageTrade.Value, Is.EqualTo(-0.05 / 3).Within(1e-12));
        Assert.That((metrics.BestTrade.Value, metrics.WorstTrade.Value), Is.EqualTo((0.1, -0.2)).Within(1e-12));
        Assert.That(metrics.ProfitFactor.Value, Is.EqualTo(150 / 200.0).Within(1e-12));
        Assert.That(metrics.Expectancy.Value, Is.EqualTo(-50 / 3.0).Within(1e-9));
        Assert.That(metrics.Exposure.Value, Is.EqualTo(0.6).Within(1e-12), "held at the closes of two bars each time");
    }

    [Test]
    public void Without_trades_what_can_t_be_said_has_its_reason()
    {
        var metrics = Backtests.Run(Backtests.Signals(99), Candles.Closing(1, 2, 3)).Metrics;

        Assert.That(metrics.WinRate, Is.EqualTo(new Statistic(null, Unsaid.TooFewPoints)));
        Assert.That(metrics.Sharpe, Is.EqualTo(new Statistic(null, Unsaid.DivisionByZero)));
        Assert.That(
            (metrics.Trades.Value, metrics.TotalReturn.Value, metrics.MaxDrawdown.Value),
            Is.EqualTo((0.0, 0.0, 0.0))
        );
    }

    [Test]
    public void A_drawdown_lasts_from_the_peak_to_the_bar_that_reaches_it_again()
    {
        var outcome = Backtests.Run("""{"strategy":"buy_and_hold"}""", Candles.Closing(100, 120, 90, 110, 125, 120));

        Assert.That(outcome.Metrics.MaxDrawdown.Value, Is.EqualTo(-0.25).Within(1e-12));
        Assert.That(outcome.Metrics.MaxDrawdownDays.Value, Is.EqualTo(3));
    }

    [Test]
    public void Buy_and_hold_is_its_own_yardstick()
    {
        var outcome = Backtests.Run(
            """{"strategy":"buy_and_hold"}""",
            Candles.Random(1, 90),
            Candles.Random(2, 90, "ethereum")
        );

        Assert.That(outcome.Equity, Is.EqualTo(outcome.Yardstick()).Within(1e-6));
        Assert.That(
            outcome.Metrics.BuyAndHoldReturn.Value,
            Is.EqualTo(outcome.Metrics.TotalReturn.Value!.Value).Within(1e-12)
        );
    }

    [Test]
    public void Months_chain_to_the_total()
    {
        var outcome = Backtests.Run("""{"strategy":"sma_cross","fast":2,"slow":7}""", Candles.Random(1, 100));

        Assert.That(
            outcome.MonthlyReturns.Select(month => month.Month.ToString("yyyy-MM")),
            Is.EqualTo(new[] { "2024-01", "2024-02", "2024-03", "2024-04" })
        );
        Assert.That(
            outcome.MonthlyReturns.Aggregate(1.0, (index, month) => index * (1 + month.Return)) - 1,
            Is.EqualTo(outcome.Metrics.TotalReturn.Value!.Value).Within(1e-12)
        );
    }

    [Test]
    public void Every_metric_of_the_catalogue_has_a_formula_and_its_own_name() =>
        Assert.That(
            MetricCatalogue.All.Select(metric => metric.Name),
            Is.Unique.And.EquivalentTo(
                typeof(BacktestMetrics)
                    .GetProperties()
                    .Where(property => property.PropertyType == typeof(Statistic))
                    .Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..])
            )
        );
}
