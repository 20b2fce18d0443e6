using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>The server that reads an account is ended by SIGKILL in the middle of it.</summary>
internal sealed class KilledSyncTests
{
    private const int Fills = 330;

    [Test]
    public async Task Another_server_reads_on_and_books_every_fill_once()
    {
        using var kraken = new PlayedKraken { Fills = PlayedKraken.Purchases(Fills), HoldsAfter = 4 };
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("killed_sync");
        string[] settings = [.. TestRun.Server.Settings, $"--ConnectionStrings:CryptoBeacon={owner}"];
        await using var database = new NpgsqlConnection(superuser);
        await using (var _ = await StartInMidSyncAsync(kraken, settings, database)) { }

        Assert.That(
            await database.QuerySingleAsync<(string, long)>(
                "select status, (select count(*) from trading.trades) from api_integration.sync_runs"
            ),
            Is.EqualTo(("running", 130L)),
            "three pages are stored, the first of which is the rest of the fifties"
        );
        // As if the minute had passed after which a job whose server is silent is another's.
        await database.ExecuteAsync("update hangfire.jobqueue set fetchedat = fetchedat - interval '1 hour'");
        kraken.HoldsAfter = int.MaxValue;
        var askedBefore = kraken.PagesAsked;
        using var server = ServerProcess.Start(settings);
        await server.AddressAsync();
        await ApiTest.EventuallyAsync(
            () => database.ExecuteScalarAsync<string>("select status from api_integration.sync_runs"),
            status => status == "succeeded",
            TimeSpan.FromSeconds(60)
        );

        Assert.That(
            await database.QuerySingleAsync<(long, long, decimal, int, int)>(
                """
                select (select count(*) from trading.trades), (select count(distinct external_id) from trading.trades),
                    (select trim_scale(quantity) from portfolios.portfolio_assets), imported, duplicates
                from api_integration.sync_runs
                """
            ),
            Is.EqualTo(((long)Fills, (long)Fills, Fills / 10m, Fills, 0))
        );
        Assert.That(kraken.PagesAsked - askedBefore, Is.EqualTo(4), "what was stored is not read again");
    }

    /// <summary>Disposed, it is killed.</summary>
    private static async Task<KilledServer> StartInMidSyncAsync(
        PlayedKraken kraken,
        string[] settings,
        NpgsqlConnection database
    )
    {
        var server = ServerProcess.Start(settings);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        await database.ExecuteAsync(
            """
            update api_integration.api_providers set base_url = @Url, rate_limit_count = 10000, rate_limit_window = interval '1 second'
            where name = 'kraken'
            """,
            new { kraken.Url }
        );
        var user = await ApiUser.SignUpAsync(http);
        var providers = (await user.GetAsync("/providers")).ShouldBe(200).Items;
        var key = (
            await user.PostAsync(
                "/api-keys",
                new
                {
                    providerId = providers.Single(provider => provider!["name"]!.ToString() == "kraken")![
                        "id"
                    ]!.ToString(),
                    name = "mine",
                    apiKey = "the-key",
                    apiSecret = kraken.Secret,
                }
            )
        ).ShouldBe(201).Location;
        var portfolio = (await user.PostAsync("/portfolios", new { name = "Ledger" })).ShouldBe(201)["id"];
        (await user.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        await ApiTest.EventuallyAsync(
            () => Task.FromResult(kraken.PagesAsked),
            asked => asked == 5,
            TimeSpan.FromSeconds(30)
        );
        return new KilledServer(server);
    }

    private sealed class KilledServer(ServerProcess server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
    }
}
