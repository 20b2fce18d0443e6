using System.Globalization;
using System.Xml.Linq;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using static CryptoBeacon.Models.Reports.Html;

namespace CryptoBeacon.Models.Reports;

/// <summary>What a report says of a strategy: equity, drawdown, months, trades and measures.</summary>
internal static class TradingSections
{
    private static readonly string[] Headline =
    [
        "totalReturn",
        "buyAndHoldReturn",
        "annualizedReturn",
        "maxDrawdown",
        "sharpe",
        "winRate",
        "trades",
        "exposure",
    ];

    private const int MaxPictures = 6;
    private const int MaxMarks = 400;
    private const int MaxRows = 200;

    public static IEnumerable<XElement?> Of(ReportData report) =>
        [
            Summary(report),
            Curves(report),
            Months(report.Backtest.Results!.MonthlyReturns ?? []),
            Prices(report),
            Trades(report),
            Measures(report),
        ];

    private static XElement Summary(ReportData report) =>
        Section(
            "Summary",
            Tag(
                "dl",
                "figures",
                Headline.Select(name =>
                {
                    var value = report.Backtest.PerformanceMetrics![name];
                    var mood = name.EndsWith("Return", StringComparison.Ordinal) ? Words.Mood(Words.Number(value)) : "";
                    return Tag(
                        "div",
                        Tag("dt", Words.Of(name)),
                        Tag("dd", mood, Words.Value(MetricCatalogue.Find(name)!, value))
                    );
                })
            )
        );

    private static XElement Curves(ReportData report) =>
        Section(
            "Equity",
            Tag(
                "figure",
                Tag(
                    "figcaption",
                    Tag("span", "key", ""),
                    $"equity in {report.Backtest.Currency} ",
                    Tag("span", "key other", ""),
                    "buy and hold"
                ),
                Chart.Draw(
                    "Equity against buying and holding",
                    260,
                    [new Curve("curve", report.Equity), new Curve("other", report.BuyAndHold)],
                    Words.Money
                )
            ),
            Tag(
                "figure",
                Tag("figcaption", "drawdown from the highest equity so far"),
                Chart.Draw("Drawdown", 140, [new Curve("area", report.Drawdown)], Words.Percent, floor: 0)
            )
        );

    private static XElement Months(IReadOnlyList<MonthPart> months)
    {
        var byYear = months.GroupBy(month => month.Month[..4]);
        var names = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames.Take(12);
        return Section(
            "Months",
            Table(
                "months",
                ["year", .. names, "all"],
                byYear.Select(year =>
                    Row(
                        HeadCell(year.Key),
                        Enumerable
                            .Range(1, 12)
                            .Select(number =>
                                Month(
                                    (double?)
                                        year.FirstOrDefault(month =>
                                            month.Month[5..] == number.ToString("00", CultureInfo.InvariantCulture)
                                        )?.Return
                                )
                            ),
                        Month(year.Aggregate(1.0, (index, month) => index * (1 + (double)(month.Return ?? 0))) - 1)
                    )
                )
            ),
            Tag("p", "note", "Returns in per cent, by calendar month in UTC; a year's are chained.")
        );
    }

    private static XElement Month(double? ratio) =>
        NumberCell(
            ratio is { } known ? (known * 100).ToString("0.0;−0.0", CultureInfo.InvariantCulture) : " ",
            Words.Mood(ratio)
        );

    private static XElement Prices(ReportData report) =>
        Section(
            "Trades on the price",
            report
                .Prices.Take(MaxPictures)
                .Select(price =>
                {
                    var trades = report.Trades.Where(trade => trade.CoinId == price.Key).ToList();
                    return Tag(
                        "figure",
                        Tag(
                            "figcaption",
                            Tag("span", $"{price.Key} in {report.Backtest.Currency}: "),
                            Tag("span", "good", "▲ bought"),
                            " ",
                            Tag("span", "bad", "▼ sold"),
                            trades.Count > MaxMarks / 2 ? $"; the last {MaxMarks / 2} of {trades.Count} trades" : ""
                        ),
                        Chart.Draw(
                            $"Price of {price.Key} with trades",
                            240,
                            [new Curve("plain", price.Value)],
                            Words.Money,
                            marks: [.. trades.TakeLast(MaxMarks / 2).SelectMany(Marks)]
                        )
                    );
                }),
            report.Prices.Count > MaxPictures
                ? Tag("p", "note", $"The first {MaxPictures} of {report.Prices.Count} assets.")
                : null
        );

    private static IEnumerable<Mark> Marks(TradePart trade)
    {
        var isLong = trade.Side == WireName.Of(TradeSide.Long);
        yield return Mark(trade.EntryTime, trade.EntryPrice, isLong);
        if (trade.ExitReason != WireName.Of(ExitReason.EndOfData))
        {
            yield return Mark(trade.ExitTime, trade.ExitPrice, !isLong);
        }
    }

    private static Mark Mark(DateTimeOffset time, decimal? price, bool isBuy) =>
        new(time.ToUnixTimeMilliseconds(), (double)(price ?? 0), isBuy, isBuy ? "enter" : "leave");

    private static XElement Trades(ReportData report)
    {
        var shown = report.Trades.TakeLast(MaxRows).ToList();
        return Section(
            $"Trades ({report.Trades.Count.ToString("#,0", CultureInfo.InvariantCulture)})",
            shown.Count == 0
                ? Tag("p", "note", "None.")
                : Table(
                    "trades",
                    ["coin", "side", "entered", "at", "left", "at", "quantity", "pnl", "return", "why"],
                    shown.Select(trade =>
                        Row(
                            Cell(trade.CoinId),
                            Cell(trade.Side),
                            Cell(Words.Minute(trade.EntryTime)),
                            NumberCell(Words.Money((double)(trade.EntryPrice ?? 0))),
                            Cell(Words.Minute(trade.ExitTime)),
                            NumberCell(Words.Money((double)(trade.ExitPrice ?? 0))),
                            NumberCell(
                                ((double)(trade.Quantity ?? 0)).ToString("0.######", CultureInfo.InvariantCulture)
                            ),
                            NumberCell(Words.Money((double)(trade.Pnl ?? 0)), Words.Mood((double?)trade.Pnl)),
                            NumberCell(
                                trade.ReturnPercent is { } percent
                                    ? Words.Percent((double)percent / 100)
                                    : Words.Unknown,
                                Words.Mood((double?)trade.ReturnPercent)
                            ),
                            Cell(trade.ExitReason.Replace('_', ' '))
                        )
                    )
                ),
            shown.Count < report.Trades.Count
                ? Tag("p", "note", $"The last {MaxRows}; all of them are in trades.csv.")
                : null
        );
    }

    private static XElement Measures(ReportData report) =>
        Section(
            "Measures",
            Table(
                "measures",
                ["measure", "value", "formula"],
                MetricCatalogue.All.Select(metric =>
                    Row(
                        HeadCell(Words.Of(metric.Name)),
                        NumberCell(Words.Value(metric, report.Backtest.PerformanceMetrics![metric.Name])),
                        Tag("td", "formula", metric.Formula)
                    )
                )
            ),
            Skipped(report)
        );

    private static XElement? Skipped(ReportData report)
    {
        var skipped = report.Backtest.Results!.SkippedBars;
        return skipped.Count == 0
            ? null
            : Tag(
                "p",
                "note",
                $"Bars without data, skipped for their asset: {string.Join(", ", skipped.GroupBy(part => part.CoinId).Select(coin => $"{coin.Key} {coin.Sum(part => part.Bars)}"))}."
            );
    }
}
