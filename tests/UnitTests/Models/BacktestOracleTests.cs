using System.Globalization;
using System.Text.Json;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>Facts from the tests of backtesting.py, read from the shared data, as far as its orders are those of the fill rules.</summary>
internal sealed class BacktestOracleTests
{
    private const string Whole = ",\"quantityStep\":1";

    /// <summary>Its size "all" is 0.9999 of the equity.</summary>
    private const string AsMuch = Whole + ",\"size\":{\"fraction\":0.9999}";

    private static readonly JsonElement[] Cases =
    [
        .. JsonElement
            .Parse(File.ReadAllText(SharedData.File("oracles/backtest/backtestingpy_engine_cases.json")))
            .GetProperty("cases")
            .EnumerateArray(),
    ];

    private static CandleSeries Google => Candles.Shared("candles/backtestingpy_GOOG_1d_2004-2013.csv");

    private static CandleSeries Short => Google.First(20);

    [Test]
    public void Every_case_is_held_or_has_an_order_that_there_is_none_of_here()
    {
        string[] held =
        [
            "spread+relative commission",
            "fixed+relative commission",
            "commission function size*price*0.01",
            "commission both sides",
            "stop order and stop loss on the same day",
            "stop loss before take profit in one bar",
            "gapped through stop fills at the open",
        ];
        // Everything is entered at an open, by market: nothing waits for a price.
        string[] entersAtAPrice = ["stop entry, sl, tp", "stop entry and take profit in the same bar", "stop-limit"];

        Assert.That(
            Cases.Select(known => known.GetProperty("name").GetString()),
            Is.EquivalentTo(held.Concat(entersAtAPrice))
        );
    }

    [Test]
    public void Buying_all_with_spread_and_commission()
    {
        var outcome = Run(Short, 1, 2, AsMuch, feeRate: 0.01, slippageRate: 0.01);

        // backtesting.py takes the spread on the way in alone.
        var sold = outcome.Trades[0];
        var cheaper = sold.Quantity * Short.Open[3] * 0.01 * 0.99;
        Assert.That(sold.EntryPrice, Is.EqualTo(Short.Open[2] * 1.01).Within(1e-9));
        Assert.That(
            new[] { outcome.Equity[2], outcome.Equity[3] + cheaper },
            Is.EqualTo(Equity("spread+relative commission")).Within(0.005)
        );
    }

    [Test]
    public void Buying_all_with_a_relative_commission() =>
        Assert.That(
            Run(Short, 1, 2, AsMuch, feeRate: 0.01).Equity[2..4],
            Is.EqualTo(Equity("commission function size*price*0.01")).Within(0.005)
        );

    [Test]
    public void Buying_with_a_relative_commission_beside_a_fixed_one()
    {
        // It adds the fixed 100 to the price of a single coin when it sizes "all", which makes 47; there is no fixed commission here.
        var equity = Run(Short, 1, 2, ",\"size\":{\"quantity\":47}", feeRate: 0.01).Equity;

        Assert.That(
            new[] { equity[2] - 100, equity[3] - 200 },
            Is.EqualTo(Equity("fixed+relative commission")).Within(0.005)
        );
    }

    [Test]
    public void A_target_that_the_open_gaps_over_fills_at_the_open()
    {
        var known = Case("commission both sides");
        double[] prices = [.. known.GetProperty("ohlc_flat").EnumerateArray().Select(price => price.GetDouble())];
        var flat = Candles.Of([.. prices.Select(price => (price, price, price, price))]);

        var outcome = Run(
            flat,
            1,
            null,
            ",\"takeProfitPercent\":200,\"size\":{\"quantity\":100}",
            feeRate: 0.01,
            capital: 5000
        );

        // Ten more a fill is what it charges beside the ratio.
        Assert.That(outcome.Trades[0].ExitPrice, Is.EqualTo(4));
        Assert.That(
            outcome.Metrics.FeesPaid.Value + 20,
            Is.EqualTo(known.GetProperty("expect").GetProperty("paid").GetDouble()).Within(1e-9)
        );
        Assert.That(
            outcome.Equity[^1] - 20,
            Is.EqualTo(known.GetProperty("expect").GetProperty("equity_final").GetDouble()).Within(1e-9)
        );
    }

    [Test]
    public void A_stop_is_hit_on_the_day_of_the_entry()
    {
        var day = Array.IndexOf(
            Google.OpenTimes,
            new DateTimeOffset(2012, 10, 17, 0, 0, 0, default).ToUnixTimeMilliseconds()
        );

        var outcome = Run(Google, day, null, Whole + StopAt(720, Google.Open[day + 1]));

        Assert.That(outcome.Trades[0].EntryTime, Is.EqualTo(outcome.Trades[0].ExitTime));
        Assert.That(
            outcome.Trades[0].ExitPrice,
            Is.EqualTo(Exit("stop order and stop loss on the same day")).Within(1e-9)
        );
    }

    [Test]
    public void The_stop_counts_where_a_bar_reaches_both()
    {
        // From the day after the entry: a stop of 105 (below the entry bar's high of 108) and a target of 107.9.
        var (entry, high) = (Short.Open[4], Short.High[4]);
        var more = string.Create(
            CultureInfo.InvariantCulture,
            $",\"trailingStopPercent\":\"{Percent(1 - (105 / high))}\",\"takeProfitSchedule\":[{{\"afterMinutes\":1440,\"percent\":\"{Percent((107.9 / entry) - 1)}\"}}]"
        );

        var outcome = Run(Short, 3, null, Whole + more);

        Assert.That(outcome.Trades[0].ExitTime, Is.EqualTo(Short.OpenTimes[5]));
        Assert.That(outcome.Trades[0].ExitPrice, Is.EqualTo(Exit("stop loss before take profit in one bar")));
    }

    [Test]
    public void A_stop_that_the_open_gaps_through_fills_at_the_open()
    {
        var outcome = Run(Short, 8, null, ",\"size\":{\"quantity\":1}" + StopAt(99.5, Short.Open[9]));

        Assert.That(
            outcome.Trades[0].ExitPrice,
            Is.EqualTo(
                Case("gapped through stop fills at the open")
                    .GetProperty("expect")
                    .GetProperty("exit_price")
                    .GetDouble()
            )
        );
    }

    private static string StopAt(double price, double entry) =>
        string.Create(CultureInfo.InvariantCulture, $",\"stopLossPercent\":\"{Percent(1 - (price / entry))}\"");

    private static decimal Percent(double ratio) => Math.Round((decimal)ratio * 100, 15);

    private static JsonElement Case(string name) =>
        Cases.Single(known => known.GetProperty("name").GetString() == name);

    private static double[] Equity(string name) =>
        [
            .. Case(name)
                .GetProperty("expect")
                .GetProperty("equity_bar2_3")
                .EnumerateArray()
                .Select(value => value.GetDouble()),
        ];

    private static double Exit(string name) =>
        Case(name).GetProperty("expect").GetProperty("first_trade_exit_price").GetDouble();

    /// <summary>Buys after one bar and, if told, sells after another.</summary>
    private static BacktestOutcome Run(
        CandleSeries candles,
        int entry,
        int? exit,
        string more,
        double feeRate = 0,
        double slippageRate = 0,
        double capital = 10_000
    )
    {
        var exits = exit is { } bar ? $"\"{At(bar)}\"" : "";
        var configuration = $$"""{"strategy":"signals","entries":["{{At(entry)}}"],"exits":[{{exits}}]{{more}}}""";
        return (
            Backtests.Request(configuration, candles) with
            {
                FeeRate = feeRate,
                SlippageRate = slippageRate,
                InitialCapital = capital,
            }
        ).Run();

        string At(int of) =>
            DateTimeOffset.FromUnixTimeMilliseconds(candles.OpenTimes[of]).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
    }
}
