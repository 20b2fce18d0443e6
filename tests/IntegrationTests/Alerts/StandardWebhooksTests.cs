using System.Text.Json;
using CryptoBeacon.Application.Security;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>Our signatures, held against the specification's own library.</summary>
internal sealed class StandardWebhooksTests
{
    private const string Package = "standardwebhooks@1.0.0";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string NewSecret = "whsec_c2l4dGVlbiBieXRlcyBhbmQgbW9yZSBvZiB0aGVt";

    private const string Verify = """
        const { Webhook } = require("standardwebhooks");
        const { secrets, headers, body } = JSON.parse(require("fs").readFileSync(0));
        const verdict = secret => { try { new Webhook(secret).verify(body, headers); return "good"; } catch { return "bad"; } };
        process.stdout.write(secrets.map(verdict).join(" "));
        """;

    private string _directory = "";

    [OneTimeSetUp]
    public async Task Fetch() => _directory = await NodePackage.FetchAsync(Package);

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Either_secret_of_a_change_verifies_and_no_other_one() =>
        Assert.That(
            await VerdictsAsync(TimeProvider.System.GetUtcNow(), body => body, Secret, NewSecret, "whsec_b3RoZXI="),
            Is.EqualTo("good good bad")
        );

    [Test]
    public async Task A_changed_body_does_not_verify() =>
        Assert.That(
            await VerdictsAsync(TimeProvider.System.GetUtcNow(), body => body.Replace("64000", "6400"), Secret),
            Is.EqualTo("bad")
        );

    [Test]
    public async Task An_old_one_that_is_played_again_does_not_verify() =>
        Assert.That(
            await VerdictsAsync(TimeProvider.System.GetUtcNow().AddMinutes(-6), body => body, Secret),
            Is.EqualTo("bad")
        );

    private async Task<string> VerdictsAsync(DateTimeOffset at, Func<string, string> change, params string[] asked)
    {
        const string Body = """{"type":"alert.fired","data":{"priceAtTrigger":"64000","notes":"Grüße"}}""";
        var (id, timestamp) = (Guid.CreateVersion7().ToString(), at.ToUnixTimeSeconds());
        string[] secrets = [NewSecret, Secret];
        var sent = new
        {
            secrets = asked,
            headers = new Dictionary<string, string>
            {
                ["webhook-id"] = id,
                ["webhook-timestamp"] = $"{timestamp}",
                ["webhook-signature"] = string.Join(
                    ' ',
                    secrets.Select(secret => WebhookSecret.Sign(secret, id, timestamp, Body))
                ),
            },
            body = change(Body),
        };
        return await NodePackage.RunScriptAsync(_directory, Verify, JsonSerializer.Serialize(sent));
    }
}
