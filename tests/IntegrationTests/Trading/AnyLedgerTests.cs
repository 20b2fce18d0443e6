using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>Whatever happens to a ledger, its positions are those of a ledger that had always been so.</summary>
internal sealed class AnyLedgerTests : TradingTest
{
    private const int Steps = 150;

    private static readonly string[] Types = ["buy", "buy", "sell", "deposit", "withdrawal", "income"];
    private static readonly string[] Coins = ["bitcoin", "binancecoin"];
    private static readonly string[] FeeCurrencies = ["USD", "BTC", "BNB", "binancecoin"];

    [TestCase(20260101)]
    [TestCase(4711)]
    public async Task Any_sequence_of_changes_leaves_the_positions_that_a_replay_gives(int seed)
    {
        var random = new Random(seed);
        var ids = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            var answer = random.Next(8) switch
            {
                0 or 1 when ids.Count > 0 => await User.DeleteAsync($"/trades/{Any(ids)}"),
                2 or 3 when ids.Count > 0 => await User.PatchAsync($"/trades/{Any(ids)}", AnyTrade()),
                4 => await User.PutAsync($"/portfolios/{Portfolio}/assets/{Any(Coins)}", AnyOpening()),
                5 => await User.PostAsync("/trades/batch", new { trades = new[] { AnyTrade(), AnyTrade() } }),
                _ => await RecordAsync(AnyTrade()),
            };
            Assert.That((int)answer.Status, Is.AnyOf(200, 201, 204, 400, 404, 409), answer.ToString());
            if ((int)answer.Status == 201 && answer.Json["coinId"] is null)
            {
                ids.AddRange(answer.Items.Select(trade => trade!["id"]!.ToString()));
            }
            else if ((int)answer.Status == 201 && answer.Json["id"] is { } id)
            {
                ids.Add(id.ToString());
            }
        }

        var copy = await OpenPortfolioAsync(User);
        var export = await User.GetAsync($"/trades/export?portfolioId={Portfolio}");
        (await ImportAsync(export.Text, portfolio: copy)).ShouldBe(200);

        foreach (var coin in Coins)
        {
            Assert.That(await PositionAsync(coin), Is.Not.Null.And.EqualTo(await PositionAsync(coin, copy)), coin);
        }

        T Any<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

        JsonObject AnyTrade()
        {
            var type = Any(Types);
            var isPriced = type is "buy" or "sell" || random.Next(2) == 0;
            return Trade(
                type,
                $"0.{random.Next(1, 999)}",
                random.Next(60),
                ("coinId", Any(Coins)),
                ("price", isPriced ? $"{random.Next(1, 9999)}.07" : null),
                ("fee", $"0.00{random.Next(0, 9)}"),
                ("feeCurrency", Any(FeeCurrencies)),
                ("deductFees", random.Next(2) == 0)
            );
        }

        object AnyOpening() =>
            new
            {
                quantity = $"{random.Next(1, 4)}.5",
                avgBuyPrice = $"{random.Next(1, 500)}",
                acquiredAt = random.Next(2) == 0 ? At(random.Next(60)) : null,
            };
    }
}
