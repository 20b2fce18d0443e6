using System.Text;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>3,432 fills of a real account, whose history lacks transfers.</summary>
internal sealed class RealFillsTests : TradingTest
{
    private static string AsCsv()
    {
        var fills = JsonNode
            .Parse(File.ReadAllText(SharedData.File("fills/bbgo_binance_BTCUSDT_account-fills.json")))!
            .AsArray();
        var csv = new StringBuilder(
            "timestamp,coinId,type,quantity,price,currency,fee,feeCurrency,exchange,externalId\n"
        );
        foreach (var fill in fills)
        {
            // The account's own numbers, in plain notation.
            csv.AppendLine(
                $"{fill!["tradedAt"]},bitcoin,{fill["side"]!.ToString().ToLowerInvariant()},{Plain(fill["quantity"])},{Plain(fill["price"])},USDT,"
                    + $"{Plain(fill["fee"])},{fill["feeCurrency"]},binance,{fill["id"]}"
            );
        }

        return csv.ToString();

        static string Plain(JsonNode? number) =>
            ((decimal)number!.GetValue<double>()).ToString("0.##################", null);
    }

    [Test]
    public async Task They_import_in_one_go_and_end_at_what_the_account_held()
    {
        var csv = AsCsv();

        var report = (await ImportAsync(csv, "&oversell=record")).ShouldBe(200);

        Assert.That((report["imported"], report.Json["rejected"]!.AsArray().Count), Is.EqualTo(("3432", 0)));
        Assert.That(
            await StoredAsync<decimal>("select quantity from portfolios.portfolio_assets"),
            Is.EqualTo(0.72970242m)
        );
        Assert.That((await ImportAsync(csv)).ShouldBe(200)["duplicates"], Is.EqualTo("3432"));
    }

    [Test]
    public async Task Without_their_missing_transfers_some_sell_more_than_is_held()
    {
        var report = (await ImportAsync(AsCsv(), "&oversell=reject&dryRun=true&mode=lenient")).ShouldBe(200);

        Assert.That(report.Json["rejected"]!.AsArray(), Is.Not.Empty);
    }
}
