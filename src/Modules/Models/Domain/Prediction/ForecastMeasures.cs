using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Prediction;

/// <summary>
/// How good forecasts were, beside two that need no model: that nothing changes, and that the next bar is like the last. Accuracy is the ratio of bars whose direction
/// was right, up or not; MAE and RMSE are of returns, or of probabilities against 1 (closed higher) and 0 (RMSE² is then Brier's score).
/// </summary>
internal sealed class ForecastMeasures(PredictionTarget target, IReadOnlyList<MadeForecast> forecasts)
{
    private const int Groups = 10;

    public JsonObject ToJson()
    {
        var model = Measure(forecast => forecast.Forecast);
        var noChange = Measure(_ => IsDirection ? 0.5 : 0);
        var sameAsLast = Measure(forecast => IsDirection ? (forecast.LastReturn > 0 ? 1 : 0) : forecast.LastReturn);
        var isBetter =
            model.Rmse < Math.Min(noChange.Rmse, sameAsLast.Rmse)
            && model.Accuracy >= Math.Max(noChange.Accuracy, sameAsLast.Accuracy);

        var json = Metrics.ToJson(Statistics(model));
        json["forecasts"] = Exact.Format(forecasts.Count);
        json["naive"] = new JsonObject
        {
            ["noChange"] = Metrics.ToJson(Statistics(noChange)),
            ["sameAsLast"] = Metrics.ToJson(Statistics(sameAsLast)),
        };
        json["beatsNaive"] = forecasts.Count > 0 && isBetter;
        json["verdict"] =
            forecasts.Count == 0 ? "no forecast was made"
            : isBetter ? "better than both naive forecasts, by accuracy and by RMSE"
            : $"no better than naive: {Worse(model, noChange, sameAsLast)}";
        return json;
    }

    /// <summary>Forecasts in ten groups of one size, the smallest first: what was said beside what came.</summary>
    public IReadOnlyList<CalibrationPart> Calibration()
    {
        var ordered = forecasts.OrderBy(forecast => forecast.Forecast).ToList();
        return
        [
            .. from @group in Enumerable.Range(0, Groups)
            let start = ordered.Count * @group / Groups
            let part = ordered[start..(ordered.Count * (@group + 1) / Groups)]
            where part.Count > 0
            select new CalibrationPart
            {
                From = Significant.Of(part[0].Forecast),
                To = Significant.Of(part[^1].Forecast),
                Forecasts = part.Count,
                MeanForecast = Significant.Of(part.Average(forecast => forecast.Forecast)),
                MeanActual = Significant.Of(part.Average(Actual)),
            },
        ];
    }

    private bool IsDirection => target == PredictionTarget.Direction;

    private double Actual(MadeForecast forecast) => IsDirection ? (forecast.Return > 0 ? 1 : 0) : forecast.Return;

    private (double Accuracy, double Mae, double Rmse) Measure(Func<MadeForecast, double> saying)
    {
        if (forecasts.Count == 0)
        {
            return (double.NaN, double.NaN, double.NaN);
        }

        var threshold = IsDirection ? 0.5 : 0;
        return (
            forecasts.Average(forecast => saying(forecast) > threshold == forecast.Return > 0 ? 1.0 : 0),
            forecasts.Average(forecast => Math.Abs(saying(forecast) - Actual(forecast))),
            Math.Sqrt(forecasts.Average(forecast => Math.Pow(saying(forecast) - Actual(forecast), 2)))
        );
    }

    private static IEnumerable<(string, Statistic)> Statistics((double Accuracy, double Mae, double Rmse) measured) =>
        [("accuracy", Known(measured.Accuracy)), ("mae", Known(measured.Mae)), ("rmse", Known(measured.Rmse))];

    private static Statistic Known(double value) =>
        double.IsNaN(value) ? Statistic.None(Unsaid.TooFewPoints) : Statistic.Of(value);

    private static string Worse(
        (double Accuracy, double Mae, double Rmse) model,
        (double Accuracy, double Mae, double Rmse) noChange,
        (double Accuracy, double Mae, double Rmse) sameAsLast
    ) =>
        string.Join(
            ", ",
            new[]
            {
                (Is: model.Rmse >= noChange.Rmse, Says: "RMSE not below that of \"no change\""),
                (Is: model.Rmse >= sameAsLast.Rmse, Says: "RMSE not below that of \"same as last time\""),
                (Is: model.Accuracy < noChange.Accuracy, Says: "accuracy below that of \"no change\""),
                (Is: model.Accuracy < sameAsLast.Accuracy, Says: "accuracy below that of \"same as last time\""),
            }
                .Where(fault => fault.Is)
                .Select(fault => fault.Says)
        );
}
