using System.Text.Json.Nodes;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

/// <summary>Against what the exchanges' own documentation prints.</summary>
internal sealed class SignatureTests
{
    private static JsonNode Vectors() =>
        JsonNode.Parse(File.ReadAllText(SharedData.File("oracles/identity/api_signatures.json")))!;

    [Test]
    public void Binance_signs_the_query()
    {
        var binance = Vectors()["binance"]!;

        Assert.That(
            binance["cases"]!.AsArray().Select(c => Binance.SignatureOf($"{c!["payload"]}", $"{binance["secret"]}")),
            Is.EqualTo(binance["cases"]!.AsArray().Select(c => $"{c!["signature"]}"))
        );
    }

    [Test]
    public void Kraken_signs_path_nonce_and_form()
    {
        var kraken = Vectors()["kraken"]!;

        Assert.That(
            Kraken.SignatureOf(
                $"{kraken["path"]}",
                $"{kraken["nonce"]}",
                $"{kraken["postdata"]}",
                $"{kraken["secret"]}"
            ),
            Is.EqualTo($"{kraken["signature"]}")
        );
    }

    // Worked out with openssl: printf '1700000000GET/accounts' | openssl dgst -sha256 -mac HMAC -macopt key:the-secret -binary | base64
    [Test]
    public void Coinbase_signs_time_method_path_and_body() =>
        Assert.That(
            Coinbase.SignatureOf("1700000000", "GET", "/accounts", "", Convert.ToBase64String("the-secret"u8)),
            Is.EqualTo("BpPIbQCXKZ0TMOtsrxir6nmkmlQ/PB68y1qQulD5hdc=")
        );

    [Test]
    public void A_key_in_a_message_or_a_log_is_a_word() =>
        Assert.That($"{new Credentials("abc", "def")}", Is.EqualTo("Credentials"));
}
