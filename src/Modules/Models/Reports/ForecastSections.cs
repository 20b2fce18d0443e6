using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using static CryptoBeacon.Models.Reports.Html;

namespace CryptoBeacon.Models.Reports;

/// <summary>What a report says of a prediction model: its forecasts beside naive ones, and how far they can be taken at their word.</summary>
internal static class ForecastSections
{
    private static readonly (string Name, string Says, string Formula)[] Measures =
    [
        ("accuracy", "accuracy", "bars whose direction was right, up or not / forecasts"),
        ("mae", "MAE", "mean of |forecast − what came|"),
        ("rmse", "RMSE", "√ of the mean of (forecast − what came)²"),
    ];

    public static IEnumerable<XElement?> Of(ReportData report)
    {
        var metrics = report.Backtest.PerformanceMetrics!;
        var beats = metrics["beatsNaive"]?.GetValue<bool>() is true;
        yield return Section(
            "Against naive forecasts",
            Tag("p", beats ? "good" : "bad", $"{Capital(metrics["verdict"]!.ToString())}."),
            Table(
                "measures",
                ["measure", "the model", "no change", "same as last time", "formula"],
                Measures.Select(measure =>
                    Row(
                        HeadCell(measure.Says),
                        NumberCell(Number(metrics[measure.Name])),
                        NumberCell(Number(metrics["naive"]!["noChange"]![measure.Name])),
                        NumberCell(Number(metrics["naive"]!["sameAsLast"]![measure.Name])),
                        Tag("td", "formula", measure.Formula)
                    )
                )
            ),
            Tag("p", "note", $"{metrics["forecasts"]} forecasts, each made by what was learnt before it.")
        );
        yield return Section(
            "Calibration",
            Table(
                "measures",
                ["forecasts from", "to", "how many", "mean forecast", "mean of what came"],
                (report.Backtest.Results!.Calibration ?? []).Select(part =>
                    Row(
                        NumberCell(Number(part.From)),
                        NumberCell(Number(part.To)),
                        NumberCell($"{part.Forecasts}"),
                        NumberCell(Number(part.MeanForecast)),
                        NumberCell(Number(part.MeanActual))
                    )
                )
            ),
            Tag("p", "note", "The last two columns should be alike.")
        );
    }

    private static string Number(JsonNode? value) =>
        Words.Number(value) is { } number ? number.ToString("0.0000", CultureInfo.InvariantCulture) : Words.Unknown;

    private static string Number(decimal? value) =>
        value is { } known ? known.ToString("0.0000", CultureInfo.InvariantCulture) : Words.Unknown;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
