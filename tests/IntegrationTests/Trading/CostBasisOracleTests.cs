using System.Globalization;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>Gains as another program, rp2, has published them, from the same trades.</summary>
internal sealed class CostBasisOracleTests : LotTest
{
    [Test]
    public async Task Gains_are_those_that_rp2_works_out(
        [Values("crypto_example.json", "test_data3.json")] string file,
        [Values("fifo", "lifo", "hifo")] string method
    )
    {
        var oracle = JsonNode.Parse(await File.ReadAllTextAsync(SharedData.File($"oracles/cost_basis/rp2/{file}")))!;
        foreach (var (asset, input) in oracle["input"]!.AsObject())
        {
            await RecordAllAsync([.. Trades(asset, input!)]);
            var expected = oracle["expected"]![method]![asset]!["gain_loss_detail"]!
                .AsArray()
                .Where(row => !row!["event_type"]!.ToString().StartsWith("IN ", StringComparison.Ordinal));

            var gains = await GainsAsync($"method={method}&limit=200");
            var disposals = gains.Json["disposals"]!
                .AsArray()
                .Where(row => row!["coinId"]!.ToString() == CoinOf(asset));

            Assert.That(
                disposals.Select(row =>
                    Fields(row!, "disposedAt", "acquiredAt", "quantity", "proceeds", "cost", "gain")
                ),
                Is.EqualTo(
                    expected.Select(row =>
                        Fields(
                            row!,
                            "event_time",
                            "lot_time",
                            "amount",
                            "proceeds_fraction",
                            "lot_cost_fraction",
                            "capital_gain"
                        )
                    )
                )
            );
        }
    }

    private static string CoinOf(string asset) => asset.ToLowerInvariant();

    /// <summary>Rp2 gives twelve certain digits of a gain.</summary>
    private static string Fields(JsonNode row, string disposedAt, string acquiredAt, params string[] amounts) =>
        string.Join(
            ' ',
            amounts
                .Select(field => Number(row[field]).ToString("0.########", CultureInfo.InvariantCulture))
                .Prepend(Time(row[acquiredAt]))
                .Prepend(Time(row[disposedAt]))
        );

    private static string Time(JsonNode? time) =>
        DateTimeOffset
            .Parse(time!.ToString(), CultureInfo.InvariantCulture)
            .UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private IEnumerable<JsonObject> Trades(string asset, JsonNode input)
    {
        foreach (var row in input["in"]!.AsArray())
        {
            var type = row!["transaction_type"]!.ToString() == "Interest" ? "income" : "buy";
            var value = row["fiat_in_no_fee"]?.ToString();
            yield return Of(
                type,
                row,
                row["crypto_in"],
                value is null ? row["spot_price"] : null,
                ("totalValue", value),
                ("fee", row["fiat_fee"]?.ToString())
            );
        }

        foreach (var row in input["out"]!.AsArray())
        {
            // What is spent on a fee alone is disposed of like anything else.
            var isFee = Number(row!["crypto_out_no_fee"]) == 0;
            yield return Of(
                "sell",
                row,
                isFee ? row["crypto_fee"] : row["crypto_out_no_fee"],
                row["spot_price"],
                ("fee", isFee ? "0" : row["crypto_fee"]!.ToString()),
                ("feeCurrency", CoinOf(asset))
            );
        }

        var transfers = 0;
        foreach (var row in input["intra"]!.AsArray())
        {
            var link = $"{asset} {++transfers}";
            yield return Of("withdrawal", row!, row!["crypto_sent"], row["spot_price"], ("linkId", link));
            yield return Of("deposit", row, row["crypto_received"], price: null, ("linkId", link));
        }

        JsonObject Of(
            string type,
            JsonNode row,
            JsonNode? quantity,
            JsonNode? price,
            params (string, JsonNode?)[] changes
        ) =>
            Trade(
                type,
                quantity!.ToString(),
                0,
                [
                    ("coinId", CoinOf(asset)),
                    (
                        "timestamp",
                        DateTimeOffset.Parse(row["timestamp"]!.ToString(), CultureInfo.InvariantCulture).ToString("O")
                    ),
                    ("price", price?.ToString()),
                    .. changes,
                ]
            );
    }
}
