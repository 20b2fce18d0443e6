using System.Text;
using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.UnitTests.ApiIntegration;

internal sealed class PriceListenersTests
{
    private readonly PriceListeners _all = new();

    [Test]
    public void Who_does_not_read_gets_the_newest_price_of_each_pair_alone()
    {
        using var slow = _all.Add(["bitcoin", "ethereum"], currency: null);

        for (var sequence = 1; sequence <= 10_000; sequence++)
        {
            _all.Publish([Change(sequence, sequence % 2 == 0 ? "bitcoin" : "ethereum")]);
        }

        Assert.That(Heard(slow), Is.EqualTo("ethereum=9999 id=9999 bitcoin=10000 id=10000"));
        Assert.That(Heard(slow), Is.Empty);
    }

    [Test]
    public void A_thousand_listeners_share_what_was_written_once()
    {
        var listeners = Enumerable.Range(0, 1000).Select(n => _all.Add([$"coin-{n % 10}"], currency: null)).ToList();
        var changes = Enumerable.Range(0, 10).Select(n => Change(1, $"coin-{n}")).ToList();

        _all.Publish(changes);

        Assert.That(
            listeners.Select((listener, n) => listener.Take().First().Equals(changes[n % 10].Event)),
            Has.All.True
        );
        listeners.ForEach(listener => listener.Dispose());
        Assert.That(_all.Coins, Is.Empty);
    }

    [Test]
    public void An_id_says_that_everything_up_to_its_batch_was_heard()
    {
        using var listener = _all.Add(["bitcoin", "ethereum"], currency: null);

        _all.Publish([Change(7, "bitcoin"), Change(7, "ethereum")]);

        Assert.That(Heard(listener), Is.EqualTo("bitcoin=7 ethereum=7 id=7"));
    }

    [Test]
    public void What_was_known_at_the_start_is_not_heard_again()
    {
        using var listener = _all.Add(["bitcoin", "ethereum"], currency: null);
        _all.Publish([Change(4, "bitcoin"), Change(6, "ethereum")]);

        listener.StartAfter(5, [Change(5, "ethereum")]);
        _all.Publish([Change(5, "bitcoin")]);

        Assert.That(Heard(listener), Is.EqualTo("ethereum=6 id=6"));
    }

    [Test]
    public async Task A_listener_is_woken_by_its_own_coins_and_currency_alone()
    {
        using var listener = _all.Add(["bitcoin"], "USD");

        _all.Publish([Change(1, "ethereum"), Change(1, "bitcoin", "EUR")]);
        Assert.That(await listener.WaitAsync(TimeSpan.Zero, CancellationToken.None), Is.False);

        _all.Publish([Change(2, "bitcoin")]);
        Assert.That(await listener.WaitAsync(TimeSpan.Zero, CancellationToken.None), Is.True);
    }

    private static PriceChange Change(int sequence, string coinId, string currency = "USD") =>
        new(
            sequence,
            new PriceDto
            {
                CoinId = coinId,
                Currency = currency,
                Price = sequence,
                IsStale = false,
            }
        );

    /// <summary>Events as <c>coin=price</c> and <c>id=batch</c>, in the order in which they are sent.</summary>
    private static string Heard(PriceListener listener)
    {
        var text = string.Concat(listener.Take().Select(bytes => Encoding.UTF8.GetString(bytes.Span)));
        return string.Join(
            ' ',
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith("event", StringComparison.Ordinal))
                .Select(line =>
                    line.StartsWith("id: ", StringComparison.Ordinal)
                        ? $"id={line[4..]}"
                        : $"{Part(line, "coinId")}={Part(line, "price")}"
                )
        );

        static string Part(string json, string name) =>
            System.Text.Json.Nodes.JsonNode.Parse(json["data: ".Length..])![name]!.ToString();
    }
}
