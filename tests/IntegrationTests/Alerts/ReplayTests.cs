using System.Globalization;
using System.IO.Compression;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>A day of real one-minute candles against a thousand alerts: what fires is what a plain reading of the candles gives.</summary>
internal sealed class ReplayTests : AlertTest
{
    private static readonly DateOnly Day = new(2019, 1, 10);

    [Test]
    public async Task Levels_fire_as_a_plain_reading_says() =>
        await ReplayAsync(random => new AlertInput
        {
            Condition = random.Next(2) == 0 ? AlertCondition.Above : AlertCondition.Below,
            Repeat = random.Next(2) == 0 ? AlertRepeat.Once : AlertRepeat.EveryCrossing,
        });

    [Test]
    public async Task Edges_hysteresis_and_cooldown_fire_as_a_plain_reading_says() =>
        await ReplayAsync(random => new AlertInput
        {
            Condition = (AlertCondition)random.Next(4),
            Repeat = random.Next(4) == 0 ? AlertRepeat.Once : AlertRepeat.EveryCrossing,
            CooldownSeconds = random.Next(3) * 600,
            HysteresisPercent = random.Next(3) * 0.25m,
        });

    [Test]
    public async Task Movements_fire_as_a_plain_reading_says() =>
        await ReplayAsync(random => new AlertInput
        {
            Condition = random.Next(2) == 0 ? AlertCondition.PercentUp : AlertCondition.PercentDown,
            Price = random.Next(1, 40) * 0.1m,
            WindowSeconds = random.Next(1, 5) * 1800,
            Repeat = random.Next(4) == 0 ? AlertRepeat.Once : AlertRepeat.EveryCrossing,
            HysteresisPercent = random.Next(3) * 0.1m,
        });

    private static async Task ReplayAsync(Func<Random, AlertInput> draw)
    {
        var closes = ReadCloses(SharedData.File("candles/bitfinex_BTCUSD_1m_2019-Q1.csv.gz"));
        Assert.That(closes, Has.Count.GreaterThan(1400));
        var random = new Random(20190110);
        var (low, high) = (closes.Min(close => close.Price), closes.Max(close => close.Price));
        var alerts = await ArmAllAsync(
            Enumerable
                .Range(0, 1000)
                .Select(_ => draw(random))
                .Select(input =>
                    input with
                    {
                        CoinId = Coin,
                        Price = input.Price ?? decimal.Round(low + (high - low) * (decimal)random.NextDouble(), 1),
                    }
                )
        );

        foreach (var batch in closes.Chunk(100))
        {
            await QuoteAsync([
                .. batch.Select(close => new
                {
                    coinId = Coin,
                    currency = "USD",
                    price = close.Price,
                    asOf = close.At,
                }),
            ]);
        }

        await EvaluatedAsync();
        var expected = alerts.SelectMany(alert => PlainReading.Of(alert.Id, alert.Terms, closes)).Order().ToList();
        Assert.That(expected, Has.Count.GreaterThan(1000));
        Assert.That(await StoredFiringsAsync(), Is.EqualTo(expected));
    }

    private static List<Quote> ReadCloses(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        var closes = new List<Quote>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            var at = DateTimeOffset
                .FromUnixTimeMilliseconds(long.Parse(cells[0], CultureInfo.InvariantCulture))
                .UtcDateTime;
            if (DateOnly.FromDateTime(at) == Day)
            {
                closes.Add(new Quote(at, decimal.Parse(cells[4], CultureInfo.InvariantCulture)));
            }
        }

        return closes;
    }
}
