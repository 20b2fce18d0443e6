using System.Text.Json;
using System.Xml.Linq;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Prediction;
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
                $"Initial capital {Words.Money((double)backtest.InitialCapital)} {backtest.Currency}; fee {Words.Rate(backtest.FeeRate)}, slippage {Words.Rate(backtest.SlippageRate)} of each fill's value; risk-free rate {Words.Rate(backtest.RiskFreeRate)} a year."
            )
        );

    private static XElement Reproducible(ReportData report)
    {
        var kept = report.Backtest.Reproducibility!;
        var isSame = kept.DataChanged is not true && kept.EngineVersion == Engine(report.IsTrading);
        return Section(
            "Repeatable",
            Tag("p", isSame ? "good" : "bad", Repeat(kept, report.IsTrading)),
            Table(
                "plain",
                ["", ""],
                [
                    Row(HeadCell("All of these in one, SHA-256"), Tag("td", "hash", kept.Hash)),
                    Row(HeadCell("Configuration, SHA-256"), Tag("td", "hash", kept.ConfigurationHash)),
                    Row(HeadCell("Candles, SHA-256"), Tag("td", "hash", kept.DataHash)),
                    Row(
                        HeadCell("Assets, period, capital and costs, SHA-256"),
                        Tag("td", "hash", kept.TermsHash ?? "–")
                    ),
                    Row(HeadCell("What forecasts, SHA-256"), Tag("td", "hash", kept.ForecastModelHash ?? "–")),
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

    private static string Repeat(Reproducibility kept, bool isTrading) =>
        kept.DataChanged is true
            ? kept.ForecastModelHash is null
                ? "The stored candles have changed since: run again, it would give another result."
                : "The stored candles, or the model that forecasts, have changed since: run again, it would give another result."
            : kept.EngineVersion != Engine(isTrading)
                ? "The engine is another version since: run again, it may give another result."
                : "All that it was made of is the same as then: run again as it was, it gives the same result.";

    private static string Engine(bool isTrading) => isTrading ? BacktestEngine.Version : WalkForward.Version;
}
