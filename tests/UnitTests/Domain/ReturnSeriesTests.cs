using CryptoBeacon.Domain.Returns;

namespace CryptoBeacon.UnitTests.Domain;

internal sealed class ReturnSeriesTests
{
    [Test]
    public void Drawdown_starts_from_a_peak_of_one() =>
        Assert.That(Daily(-0.1, 0.05).MaxDrawdown, Is.EqualTo(-0.1).Within(1e-15));

    [Test]
    public void Drawdown_of_what_only_rises_is_nothing() => Assert.That(Daily(0.1, 0.05).MaxDrawdown, Is.Zero);

    [Test]
    public void Without_returns_nothing_can_be_said()
    {
        var nothing = Daily();

        Assert.That(
            new[]
            {
                nothing.TotalReturn,
                nothing.AnnualizedReturn,
                nothing.Volatility,
                nothing.Sharpe,
                nothing.Sortino,
                nothing.Calmar,
                nothing.MaxDrawdown,
            },
            Is.All.Null
        );
    }

    [Test]
    public void One_return_has_no_deviation() =>
        Assert.That((Daily(0.01).Volatility, Daily(0.01).Sharpe), Is.EqualTo(((double?)null, (double?)null)));

    [Test]
    public void Equal_returns_have_no_sharpe_though_rounding_leaves_a_deviation() =>
        Assert.That(Daily([.. Enumerable.Repeat<double?>(0.01, 9)]).Sharpe, Is.Null);

    [Test]
    public void Without_a_loss_there_is_no_sortino_and_no_calmar() =>
        Assert.That((Daily(0.01, 0.02).Sortino, Daily(0.01, 0.02).Calmar), Is.EqualTo(((double?)null, (double?)null)));

    [Test]
    public void A_period_without_a_value_is_time_that_passed_but_in_no_average()
    {
        var series = Daily(null, 0.01, 0.03);

        Assert.That(series.Volatility, Is.EqualTo(Daily(0.01, 0.03).Volatility));
        Assert.That(series.AnnualizedReturn, Is.EqualTo(Math.Pow(1.01 * 1.03, 365 / 3.0) - 1).Within(1e-9));
    }

    [Test]
    public void The_risk_free_rate_is_taken_from_each_period() =>
        Assert.That(
            new ReturnSeries([0.01, 0.03], 365, riskFreeRate: 0.365).Sharpe,
            Is.EqualTo(Daily(0.009, 0.029).Sharpe).Within(1e-9)
        );

    private static ReturnSeries Daily(params double?[] returns) => new(returns, periodsPerYear: 365);
}
