using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Prediction;

namespace CryptoBeacon.UnitTests.Models;

internal sealed class WalkForwardTests
{
    private static readonly PredictionConfiguration Configuration = new()
    {
        MinimumBars = 40,
        RetrainEvery = 15,
        Trees = 10,
        MinimumLeafBars = 5,
        Indicators = ["rsi(5)", "sma(4)"],
    };

    [TestCase(PredictionTarget.Direction)]
    [TestCase(PredictionTarget.Return)]
    public void A_forecast_looks_at_nothing_that_came_after_it(PredictionTarget target)
    {
        var configuration = Configuration with { Target = target };
        var whole = WalkForward.Series(Candles(120), configuration, CancellationToken.None);
        var cut = WalkForward.Series(Candles(90), configuration, CancellationToken.None);

        Assert.That(cut.Count(double.IsFinite), Is.GreaterThan(30));
        Assert.That(cut, Is.EqualTo(whole[..90]));
    }

    [Test]
    public void When_it_learns_anew_by_default_does_not_depend_on_how_many_bars_will_come([Values(0, 50)] int window)
    {
        var configuration = new PredictionConfiguration { Trees = 5, WindowBars = window == 0 ? null : window };
        if (window > 0)
        {
            configuration = configuration with { MinimumBars = 40 };
        }

        var whole = WalkForward.Series(Candles(420), configuration, CancellationToken.None);
        var cut = WalkForward.Series(Candles(230), configuration, CancellationToken.None);
        var (evaluated, longer) = (Made(230), Made(420));

        Assert.That(cut.Count(double.IsFinite), Is.GreaterThan(80));
        Assert.That(cut, Is.EqualTo(whole[..230]));
        Assert.That(evaluated, Has.Count.GreaterThan(80));
        Assert.That(longer.Take(evaluated.Count), Is.EqualTo(evaluated));

        IReadOnlyList<CryptoBeacon.Models.Domain.ForecastPart> Made(int bars) =>
            WalkForward
                .Evaluate([Candles(bars)], configuration, 10 * 86_400_000L, _ => { }, CancellationToken.None)
                .Value.Forecasts;
    }

    [Test]
    public void A_model_that_has_nothing_to_learn_from_is_no_better_than_naive()
    {
        var noise = new Random(7);
        var forecasts = Enumerable
            .Range(0, 200)
            .Select(i => new MadeForecast(
                "bitcoin",
                i,
                noise.NextDouble() - 0.5,
                noise.NextDouble() - 0.5,
                noise.NextDouble() - 0.5
            )
            {
                Target = PredictionTarget.Return,
            })
            .ToList();

        var measured = new ForecastMeasures(PredictionTarget.Return, forecasts).ToJson();

        Assert.That(measured["beatsNaive"]!.GetValue<bool>(), Is.False);
        Assert.That(measured["verdict"]!.ToString(), Does.StartWith("no better than naive"));
    }

    [Test]
    public void A_perfect_forecast_is_right_everywhere_and_calibrated()
    {
        var forecasts = Enumerable
            .Range(0, 100)
            .Select(i => (i % 7) - 3.0)
            .Select(
                (r, i) =>
                    new MadeForecast("bitcoin", i, r / 100, r / 100, -r / 100) { Target = PredictionTarget.Return }
            )
            .ToList();
        var measures = new ForecastMeasures(PredictionTarget.Return, forecasts);

        Assert.That(measures.ToJson()["accuracy"]!.ToString(), Is.EqualTo("1"));
        Assert.That(measures.ToJson()["rmse"]!.ToString(), Is.EqualTo("0"));
        Assert.That(measures.ToJson()["beatsNaive"]!.GetValue<bool>(), Is.True);
        Assert.That(
            measures.Calibration(),
            Has.All.Matches<CryptoBeacon.Models.Domain.CalibrationPart>(p => p.MeanForecast == p.MeanActual)
        );
    }

    private static CandleSeries Candles(int count)
    {
        var closes = Enumerable
            .Range(0, count + 1)
            .Select(i => 100 + (10 * Math.Sin(i / 5.0)) + (3 * Math.Sin(i * 2.1)))
            .ToArray();
        return new CandleSeries(
            "bitcoin",
            [.. Enumerable.Range(0, count).Select(i => i * 86_400_000L)],
            closes[..count],
            [.. closes[..count].Select(c => c + 10)],
            [.. closes[..count].Select(c => c - 10)],
            closes[1..],
            [.. closes[..count]]
        );
    }
}
