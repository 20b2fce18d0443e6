using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Features;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>Random prices, in batches, out of order, late and twice, against random alerts of every kind.</summary>
internal sealed class RandomAlertsTests : AlertTest
{
    private static readonly DateTime Start = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task What_fires_is_what_a_plain_reading_gives(int seed)
    {
        var random = new Random(seed);
        var batches = Enumerable.Range(0, 25).Select(number => DrawBatch(random, number)).ToList();
        var alerts = await ArmAllAsync(Enumerable.Range(0, 300).Select(_ => DrawAlert(random)));
        foreach (var batch in batches)
        {
            await QuoteAsync([
                .. batch.Select(quote => new
                {
                    coinId = Coin,
                    currency = "USD",
                    price = quote.Price,
                    asOf = quote.At,
                }),
            ]);
        }

        await EvaluatedAsync();
        var quotes = PlainReading.InOrder(batches);
        var expected = alerts.SelectMany(alert => PlainReading.Of(alert.Id, alert.Terms, quotes)).Order().ToList();
        Assert.That(expected, Has.Count.GreaterThan(1000));
        Assert.That(await StoredFiringsAsync(), Is.EqualTo(expected));
    }

    private static List<Quote> DrawBatch(Random random, int number)
    {
        var quotes = Enumerable
            .Range(0, random.Next(1, 30))
            .Select(_ => new Quote(Start.AddSeconds((number * 20) + random.Next(-15, 20)), 80 + random.Next(0, 41)))
            .ToList();
        // Said twice.
        quotes.AddRange(quotes.Where(_ => random.Next(5) == 0).ToList());
        return quotes;
    }

    internal static AlertInput DrawAlert(Random random)
    {
        var condition = (AlertCondition)random.Next(6);
        return new AlertInput
        {
            CoinId = Coin,
            Condition = condition,
            Price = condition.IsMovement() ? random.Next(1, 40) : 80 + random.Next(0, 41),
            WindowSeconds = condition.IsMovement() ? random.Next(1, 6) * 10 : null,
            Repeat = random.Next(5) == 0 ? AlertRepeat.Once : AlertRepeat.EveryCrossing,
            CooldownSeconds = random.Next(3) * 20,
            HysteresisPercent = random.Next(3) * 2.5m,
        };
    }
}
