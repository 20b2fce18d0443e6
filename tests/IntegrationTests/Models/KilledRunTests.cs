using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>The server that runs a sweep is ended by SIGKILL in the middle of it, and another takes it over.</summary>
internal sealed class KilledRunTests
{
    [Test]
    public async Task Another_server_takes_over_what_a_killed_one_was_running()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("killed_run");
        string[] settings = [.. TestRun.Server.Settings, $"--ConnectionStrings:CryptoBeacon={owner}"];
        await using var database = new NpgsqlConnection(superuser);
        Guid id;
        using (var killed = ServerProcess.Start(settings))
        {
            using var http = new HttpClient { BaseAddress = await killed.AddressAsync() };
            var admin = await ApiUser.SignInAsync(http, TestServer.AdminEmail, TestServer.AdminPassword);
            var start = new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero);
            var csv = string.Join(
                '\n',
                Enumerable
                    .Range(0, 10_000)
                    .Select(hour =>
                        $"{start.AddHours(hour):yyyy-MM-ddTHH:mm:ssZ},{100 + (hour % 37)},150,50,{100 + ((hour + 1) % 37)},1"
                    )
                    .Prepend("time,open,high,low,close,volume")
            );
            (await admin.PostCsvAsync("/admin/market/candles?coinId=bitcoin&currency=USD&interval=1h", csv)).ShouldBe(
                200
            );
            var model = (
                await admin.PostAsync(
                    "/models",
                    """{"name":"Cross","configuration":{"strategy":"ema_cross","fast":3,"slow":9}}"""
                )
            ).ShouldBe(201)["id"];
            id = Guid.Parse(
                (
                    await admin.PostAsync(
                        $"/models/{model}/sweeps",
                        """
                        {"startDate":"2023-01-01T00:00:00Z","endDate":"2024-02-01T00:00:00Z","assets":["bitcoin"],"interval":"1h",
                        "grid":{"fast":{"from":2,"to":61,"step":1},"slow":{"from":62,"to":161,"step":1}}}
                        """
                    )
                ).ShouldBe(202)["id"]!
            );
            await ApiTest.EventuallyAsync(
                () => StatusAsync(database, id),
                status => status == "running",
                TimeSpan.FromSeconds(30)
            );
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        Assert.That(await StatusAsync(database, id), Is.EqualTo("running"), "it was killed too late");
        // As if the time had passed after which a server that is silent has died, to Hangfire and to us.
        await database.ExecuteAsync(
            """
            update hangfire.jobqueue set fetchedat = fetchedat - interval '1 hour';
            update models.model_sweeps set seen_at = seen_at - interval '1 hour';
            """
        );
        using var server = ServerProcess.Start(settings);
        await server.AddressAsync();
        await ApiTest.EventuallyAsync(
            () => StatusAsync(database, id),
            status => status == "succeeded",
            TimeSpan.FromSeconds(90)
        );

        Assert.That(
            await database.ExecuteScalarAsync<int>(
                "select attempts from models.model_sweeps where id = @id",
                new { id }
            ),
            Is.EqualTo(2)
        );
    }

    private static Task<string?> StatusAsync(NpgsqlConnection database, Guid id) =>
        database.ExecuteScalarAsync<string?>("select status from models.model_sweeps where id = @id", new { id });
}
