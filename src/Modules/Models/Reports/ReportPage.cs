using System.Text.Json;
using System.Xml.Linq;
using static CryptoBeacon.Models.Reports.Html;

namespace CryptoBeacon.Models.Reports;

/// <summary>A back-test on one page: what came of it, how, and what would make it come out the same again.</summary>
internal static class ReportPage
{
    private static readonly JsonSerializerOptions Indented = new(BeaconJson.Options) { WriteIndented = true };

    public static string Write(ReportData report)
    {
        var backtest = report.Backtest;
        var title = $"{report.ModelName}: {Words.Date(backtest.StartDate)} to {Words.Date(backtest.EndDate)}";
        var page = Tag(
            "html",
            Set("lang", "en"),
            Tag(
                "head",
                Tag("meta", Set("charset", "utf-8")),
                Tag("meta", Set("name", "viewport"), Set("content", "width=device-width, initial-scale=1")),
                Tag("meta", Set("name", "color-scheme"), Set("content", "light dark")),
                Tag("title", $"Back-test of {title}"),
                Tag("style", ReportStyle.Css)
            ),
            Tag(
                "body",
                Tag(
                    "main",
                    Tag(
                        "header",
                        Tag("h1", report.ModelName),
                        Tag(
                            "p",
                            $"Back-test from {Words.Date(backtest.StartDate)} to {Words.Date(backtest.EndDate)}, {string.Join(", ", backtest.Assets)} in {backtest.Currency}, bars of {backtest.Interval}"
                        ),
                        backtest.Notes is null ? null : Tag("p", backtest.Notes)
                    ),
                    report.IsTrading ? TradingSections.Of(report) : ForecastSections.Of(report),
                    Configuration(backtest),
                    Reproducible(report)
                )
            )
        );
        return $"<!doctype html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private static XElement Configuration(Features.BacktestDetails backtest) =>
        Section(
            "Configuration",
            Tag("pre", JsonSerializer.Serialize(backtest.Configuration, Indented)),
            Tag(
                "p",
                "note",
                $"Initial capital {Words.Money((double)backtest.InitialCapital)} {backtest.Currency}; fee {Words.Percent((double)backtest.FeeRate)}, slippage {Words.Percent((double)backtest.SlippageRate)} of each fill's value."
            )
        );

    private static XElement Reproducible(ReportData report)
    {
        var kept = report.Backtest.Reproducibility!;
        return Section(
            "Repeatable",
            Tag(
                "p",
                kept.DataChanged is true ? "bad" : "good",
                kept.DataChanged is true
                    ? "The stored candles have changed since: run again, it would give another result."
                    : "The stored candles are the same as then: run again, it gives the same result."
            ),
            Table(
                "plain",
                ["", ""],
                [
                    Row(HeadCell("Configuration, candles and engine in one, SHA-256"), Tag("td", "hash", kept.Hash)),
                    Row(HeadCell("Configuration, SHA-256"), Tag("td", "hash", kept.ConfigurationHash)),
                    Row(HeadCell("Candles, SHA-256"), Tag("td", "hash", kept.DataHash)),
                    Row(HeadCell("Engine"), Cell($"version {kept.EngineVersion}")),
                    Row(HeadCell("Bars before the start"), Cell($"{kept.WarmUpBars}, to warm indicators up")),
                    Row(HeadCell("Seed"), Cell(kept.Seed is { } seed ? $"{seed}" : "none: nothing is drawn at random")),
                    Row(HeadCell("Back-test"), Tag("td", "hash", $"{report.Backtest.Id}")),
                    Row(HeadCell("Run"), Cell($"{Words.Minute(report.Backtest.FinishedAt ?? report.MadeAt)} UTC")),
                ]
            ),
            Tag(
                "p",
                "note",
                "Past results say little of future ones. Fees, slippage and the prices at which orders would have been filled are assumptions."
            )
        );
    }
}
