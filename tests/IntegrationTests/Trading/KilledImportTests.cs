using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>The server that runs an import in the background is ended by SIGKILL in the middle of it.</summary>
internal sealed class KilledImportTests
{
    private const int Rows = 20_000;

    [Test]
    public async Task Another_server_imports_every_trade_once()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("killed_import");
        string[] settings = [.. TestRun.Server.Settings, $"--ConnectionStrings:CryptoBeacon={owner}"];
        await using var database = new NpgsqlConnection(superuser);
        using (var killed = ServerProcess.Start(settings))
        {
            using var http = new HttpClient { BaseAddress = await killed.AddressAsync() };
            var user = await ApiUser.SignUpAsync(http);
            var portfolio = (await user.PostAsync("/portfolios", new { name = "Ledger" })).ShouldBe(201)["id"];
            (
                await user.PostCsvAsync(
                    $"/trades/import?portfolioId={portfolio}",
                    "timestamp,coinId,type,quantity,price\n"
                        + string.Concat(Enumerable.Repeat("2026-01-01T00:00:00Z,bitcoin,buy,1,100\n", Rows)),
                    ("Prefer", "respond-async")
                )
            ).ShouldBe(202);
            await ApiTest.EventuallyAsync(
                () => database.ExecuteScalarAsync<string>("select status from trading.trade_imports"),
                status => status == "running"
            );
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        // As if the minute had passed after which a job whose server is silent is another's.
        await database.ExecuteAsync("update hangfire.jobqueue set fetchedat = fetchedat - interval '1 hour'");
        using var server = ServerProcess.Start(settings);
        await server.AddressAsync();
        await ApiTest.EventuallyAsync(
            () => database.ExecuteScalarAsync<string>("select status from trading.trade_imports"),
            status => status == "succeeded",
            TimeSpan.FromSeconds(60)
        );

        Assert.That(
            await database.QuerySingleAsync<(long, decimal)>(
                """
                select (select count(*) from trading.trades), (select trim_scale(quantity) from portfolios.portfolio_assets)
                """
            ),
            Is.EqualTo(((long)Rows, (decimal)Rows))
        );
        await ApiTest.EventuallyAsync(
            () => database.ExecuteScalarAsync<long>("select count(*) from trading.trade_history"),
            versions => versions == Rows,
            TimeSpan.FromSeconds(60)
        );
    }
}
