using System.Globalization;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Json;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Alerts;

internal sealed class TryAlertTests : AlertTest
{
    private static readonly DateTime Start = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public async Task The_high_and_the_low_of_a_candle_count_and_nothing_is_armed()
    {
        var user = await SignUpAsync();
        await ImportAsync("95,99,94,98", "98,101,97,99", "99,99.5,98,98", "98,120,90,110");

        var run = await TryAsync(user, new { condition = "above", repeat = "every_crossing" });

        Assert.That(run["count"], Is.EqualTo("2"));
        Assert.That(
            run.Json["firings"]!.AsArray().Select(firing => $"{firing!["time"]} {firing["price"]}"),
            Is.EqualTo(new[] { "2024-03-01T00:01:00Z 101", "2024-03-01T00:03:00Z 120" })
        );
        Assert.That(run["candles"], Is.EqualTo("4"));
        Assert.That(await StoredAsync<long>("select count(*) from alerts.alerts"), Is.Zero);
    }

    [TestCase(90, 1)]
    [TestCase(110, 0)]
    public async Task An_edge_counts_the_price_before_the_first_candle(int before, int firings)
    {
        var user = await SignUpAsync();
        await ImportAsync($"{before},{before},{before},{before}", "110,111,109,110");

        var run = await TryAsync(user, new { condition = "crosses_above", from = Start.AddMinutes(1) });

        Assert.That(run["count"], Is.EqualTo($"{firings}"));
    }

    [Test]
    public async Task A_movement_is_measured_against_what_came_before_the_first_candle()
    {
        var user = await SignUpAsync();
        await ImportAsync("90,90,90,90", "99,99,98,98");

        var run = await TryAsync(
            user,
            new
            {
                condition = "percent_up",
                price = 10,
                windowSeconds = 60,
                from = Start.AddMinutes(1),
            }
        );

        Assert.That(run.Json["firings"]![0]!["price"]!.ToString(), Is.EqualTo("99"));
    }

    [Test]
    public async Task A_coarser_candle_counts_where_nothing_finer_is_stored()
    {
        var user = await SignUpAsync();
        await ImportAsync("99,99,99,99");
        await StoredAsync<object>(
            """
            insert into api_integration.candles (coin_id, currency, interval, open_time, open, high, low, close, is_imported)
            values ('bitcoin', 'USD', '1h', '2024-03-01T00:00:00Z', 99, 150, 90, 99, true),
                ('bitcoin', 'USD', '1h', '2024-03-01T01:00:00Z', 99, 130, 90, 99, true)
            """
        );

        var run = await TryAsync(user, new { condition = "above", to = Start.AddHours(2) });

        Assert.That(run.Json["firings"]![0]!["price"]!.ToString(), Is.EqualTo("130"));
    }

    [TestCase("from", null)]
    [TestCase("to", null)]
    [TestCase("to", "2024-03-01T00:00:00Z")]
    [TestCase("to", "2044-03-01T00:00:00Z")]
    [TestCase("windowSeconds", 60)]
    [TestCase("price", -1)]
    [TestCase("colour", "red")]
    public async Task What_makes_no_sense_is_a_400_with_the_field(string field, object? value)
    {
        var body = Body(new Dictionary<string, object?> { ["condition"] = "above", [field] = value });

        (await (await SignUpAsync()).PostAsync("/alerts/dry-run", body)).ShouldNameField(field);
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task It_fires_as_a_plain_reading_says(int seed)
    {
        var user = await SignUpAsync();
        var random = new Random(seed);
        var candles = Enumerable.Range(0, 500).Select(_ => DrawCandle(random)).ToList();
        await ImportAsync([.. candles.Select(candle => string.Join(',', candle))]);
        var quotes = candles.SelectMany((candle, minute) => ToQuotes(candle, Start.AddMinutes(minute))).ToList();

        for (var run = 0; run < 60; run++)
        {
            var alert = RandomAlertsTests.DrawAlert(random) with { Currency = "USD" };
            alert = alert with { WindowSeconds = alert.WindowSeconds * 6 };
            var expected = PlainReading.Of(Guid.Empty, alert.ToTerms(), quotes);

            var answer = await TryAsync(
                user,
                new
                {
                    condition = WireName.Of(alert.Condition!.Value),
                    price = alert.Price,
                    windowSeconds = alert.WindowSeconds,
                    repeat = WireName.Of(alert.Repeat!.Value),
                    cooldownSeconds = alert.CooldownSeconds,
                    hysteresisPercent = alert.HysteresisPercent,
                }
            );

            Assert.That(
                answer.Json["firings"]!.AsArray().Select(firing => $"{firing!["time"]} {firing["price"]}"),
                Is.EqualTo(expected.Select(firing => $"{UtcTime.Format(firing.At)} {firing.Price}")),
                $"{alert}"
            );
        }
    }

    private static int[] DrawCandle(Random random)
    {
        var (open, close) = (random.Next(85, 115), random.Next(85, 115));
        return [open, Math.Max(open, close) + random.Next(6), Math.Min(open, close) - random.Next(6), close];
    }

    private static IEnumerable<Quote> ToQuotes(int[] candle, DateTime at)
    {
        var (open, high, low, close) = (candle[0], candle[1], candle[2], candle[3]);
        int[] path = close >= open ? [open, low, high, close] : [open, high, low, close];
        return path.Select(price => new Quote(at, price));
    }

    private static async Task ImportAsync(params string[] candles)
    {
        var rows = candles.Select((candle, minute) => $"{UtcTime.Format(Start.AddMinutes(minute))},{candle},");
        var csv = string.Join('\n', ["time,open,high,low,close,volume", .. rows]);
        var admin = await AdminAsync();
        (await admin.PostCsvAsync($"/admin/market/candles?coinId={Coin}&currency=USD&interval=1m", csv)).ShouldBe(200);
    }

    private static async Task<ApiResponse> TryAsync(ApiClient user, object alert)
    {
        var asked = alert
            .GetType()
            .GetProperties()
            .ToDictionary(
                p => char.ToLower(p.Name[0], CultureInfo.InvariantCulture) + p.Name[1..],
                p => p.GetValue(alert)
            );
        return (await user.PostAsync("/alerts/dry-run", Body(asked))).ShouldBe(200);
    }

    /// <summary>Of bitcoin at 100 USD on all of the first day, unless said otherwise.</summary>
    private static Dictionary<string, object?> Body(Dictionary<string, object?> asked)
    {
        var body = new Dictionary<string, object?>
        {
            ["coinId"] = Coin,
            ["price"] = 100,
            ["from"] = Start,
            ["to"] = Start.AddDays(1),
        };
        foreach (var (name, value) in asked)
        {
            body[name] = value;
        }

        return body;
    }
}
