using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Prediction;

/// <param name="Trained">Learnt from all there is, for the bar after.</param>
internal sealed record Evaluation(
    IReadOnlyList<ForecastPart> Forecasts,
    IReadOnlyList<CalibrationPart> Calibration,
    JsonObject Metrics,
    IReadOnlyList<TrainedModel> Trained
);

/// <summary>
/// Forecasts each bar by what was learnt before it, and measures them against what came. A forecast made at a bar's close has learnt from bars whose next close was
/// known then, and from no other.
/// </summary>
internal static class WalkForward
{
    /// <summary>Changes with whatever changes a forecast.</summary>
    public const string Version = "fast_tree 2";

    /// <summary>Learning anew costs; without another word it is done when the bars known have grown by this part. How many will come must not matter.</summary>
    private const int Growth = 50;

    public static Result<Evaluation> Evaluate(
        IReadOnlyList<CandleSeries> assets,
        PredictionConfiguration configuration,
        long start,
        Action<double> progress,
        CancellationToken cancellationToken
    )
    {
        var forecasts = new List<MadeForecast>();
        var trained = new List<TrainedModel>();
        foreach (var (index, candles) in assets.Index())
        {
            var table = FeatureTable.Of(candles, configuration, cancellationToken);
            var first = candles.FirstAtOrAfter(start);
            forecasts.AddRange(
                Walk(table, configuration, first, done => progress((index + done) / assets.Count), cancellationToken)
            );
            var lessons = Lessons(table, configuration, first, candles.Count - 1);
            if (lessons.Count < configuration.MinimumBars)
            {
                return Error.Invalid(
                    "startDate",
                    $"leaves {candles.CoinId} {lessons.Count} bars to learn from; minimumBars is {configuration.MinimumBars}"
                );
            }

            trained.Add(
                new TrainedModel(
                    candles.CoinId,
                    DateTimeOffset.FromUnixTimeMilliseconds(candles.OpenTimes[first]),
                    DateTimeOffset.FromUnixTimeMilliseconds(candles.OpenTimes[^1]),
                    lessons.Count,
                    new Learner(configuration, table.Width).Learn(lessons).Save()
                )
            );
        }

        var measures = new ForecastMeasures(configuration.Target, forecasts);
        return new Evaluation(
            [.. forecasts.Select(forecast => forecast.ToPart())],
            measures.Calibration(),
            measures.ToJson(),
            trained
        );
    }

    /// <summary>For each bar what was forecast at its close of the bar after; NaN where nothing was.</summary>
    public static double[] Series(
        CandleSeries candles,
        PredictionConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        var series = new double[candles.Count];
        Array.Fill(series, double.NaN);
        var table = FeatureTable.Of(candles, configuration, cancellationToken);
        foreach (var (bar, forecast) in Made(table, configuration, 0, candles.Count, _ => { }, cancellationToken))
        {
            series[bar] = forecast;
        }

        return series;
    }

    private static IEnumerable<MadeForecast> Walk(
        FeatureTable table,
        PredictionConfiguration configuration,
        int first,
        Action<double> progress,
        CancellationToken cancellationToken
    ) =>
        // Of the last bar's forecast nobody knows yet what came.
        from made in Made(table, configuration, first, table.Candles.Count - 1, progress, cancellationToken)
        let bar = made.Bar + 1
        select new MadeForecast(
            table.Candles.CoinId,
            table.Candles.OpenTimes[bar],
            made.Forecast,
            table.ReturnOf(bar),
            table.ReturnOf(bar - 1)
        )
        {
            Target = configuration.Target,
        };

    /// <summary>At each bar from <paramref name="first"/> on, up to <paramref name="end"/>, once enough has been learnt.</summary>
    private static IEnumerable<(int Bar, double Forecast)> Made(
        FeatureTable table,
        PredictionConfiguration configuration,
        int first,
        int end,
        Action<double> progress,
        CancellationToken cancellationToken
    )
    {
        for (var bar = first + configuration.MinimumBars; bar < end; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress((double)(bar - first) / (end - first));
            // Of the bar that has just closed the next close is not known.
            var lessons = Lessons(table, configuration, first, bar);
            if (lessons.Count < configuration.MinimumBars)
            {
                // The first bars teach nothing while indicators warm up.
                bar += configuration.MinimumBars - lessons.Count;
                continue;
            }

            var step = configuration.RetrainEvery ?? Math.Max(1, (bar - first) / Growth);
            var forecaster = new Learner(configuration, table.Width).Learn(lessons);
            var known = Enumerable
                .Range(bar, Math.Min(step, end - bar))
                .Select(at => (Bar: at, Row: table.At(at)))
                .Where(at => at.Row is not null)
                .ToList();
            foreach (var (at, forecast) in known.Zip(forecaster.Forecast([.. known.Select(at => at.Row!)])))
            {
                yield return (at.Bar, forecast);
            }

            bar += step;
        }
    }

    /// <summary>Bars before <paramref name="end"/>, whose next close is known at its close.</summary>
    private static List<Lesson> Lessons(FeatureTable table, PredictionConfiguration configuration, int first, int end)
    {
        var from = configuration.WindowBars is { } window ? Math.Max(first, end - window) : first;
        var lessons = new List<Lesson>();
        for (var bar = from; bar < end; bar++)
        {
            if (table.At(bar) is { } known)
            {
                var next = table.ReturnOf(bar + 1);
                lessons.Add(
                    new Lesson
                    {
                        Known = known,
                        Return = (float)next,
                        Label = next > 0,
                    }
                );
            }
        }

        return lessons;
    }
}

/// <summary>A forecast, what came, and what had come the bar before.</summary>
internal readonly record struct MadeForecast(
    string CoinId,
    long Time,
    double Forecast,
    double Return,
    double LastReturn
)
{
    public PredictionTarget Target { get; init; }

    public ForecastPart ToPart() =>
        new()
        {
            CoinId = CoinId,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(Time),
            Forecast = Significant.Of(Forecast),
            Actual = Target == PredictionTarget.Direction ? (Return > 0 ? 1 : 0) : Significant.Of(Return),
        };
}
