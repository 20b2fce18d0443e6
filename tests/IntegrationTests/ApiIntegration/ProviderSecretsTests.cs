using System.Collections.Concurrent;
using System.Diagnostics;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>What opens an account stands in no log, exception, trace or row.</summary>
internal sealed class ProviderSecretsTests : ProviderTest
{
    private const string ApiKey = "K3YK3YK3Y";
    private const string Secret = "czNjcjN0czNjcjN0";
    private const string Passphrase = "p4ssphr4se";

    [TestCase("binance", """{"code":-2015,"msg":"Invalid API-key K3YK3YK3Y."}""")]
    [TestCase("kraken", """{"error":["EAPI:Invalid key"]}""")]
    [TestCase("coinbase", """{"message":"Invalid API Key K3YK3YK3Y"}""")]
    [TestCase("coingecko", "<html>K3YK3YK3Y</html>")]
    [TestCase("binance", null)]
    public async Task Nothing_of_a_key_is_told(string provider, string? answer)
    {
        var log = new LogRecorder();
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
                spans.Enqueue(
                    $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events)}"
                ),
        };
        ActivitySource.AddActivityListener(listener);
        var host = await HostAsync(provider);
        if (answer is null)
        {
            host.Stop();
        }
        else
        {
            Answer(host, "/*", answer, status: 400);
        }

        await using var server = await TestRun.Server.StartAnotherAsync(builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace);
            builder.Logging.AddProvider(log);
        });
        var connectors = server.App.Services.GetRequiredService<ConnectorCatalog>();
        var credentials = new Credentials(ApiKey, provider is "coinbase" ? $"{Secret}:{Passphrase}" : Secret);

        var refusal = Assert.ThrowsAsync<ConnectorException>(async () =>
            await connectors
                .Find<IKeyedConnector>(provider)!
                .CheckAsync(connectors.Open(await SiteAsync(provider), Caller.System), credentials, default)
        );
        await server.App.StopAsync();

        var rows = await StoredAsync<string>("select jsonb_agg(u)::text from api_usage u");
        Assert.That(rows, Does.Contain(provider is "kraken" ? "POST" : "GET"));
        Assert.That(spans, Is.Not.Empty);
        string[] told = [$"{refusal}", rows!, .. log.Entries, .. spans];
        Assert.That(
            told.Where(text => text.Contains(ApiKey) || text.Contains(Secret) || text.Contains(Passphrase)),
            Is.Empty
        );
        Assert.That(told.Where(text => text.Contains("signature=") && !text.Contains("Redacted")), Is.Empty);
    }
}
