using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>The server that delivers is ended by SIGKILL once the receiver has the request, and before its answer is noted.</summary>
internal sealed class KilledDeliveryTests
{
    [Test]
    public async Task The_same_notification_comes_again_under_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("killed_delivery");
        string[] settings = [.. TestRun.Server.Settings, $"--ConnectionStrings:CryptoBeacon={owner}"];
        using (var killed = ServerProcess.Start(settings))
        {
            using var http = new HttpClient { BaseAddress = await killed.AddressAsync() };
            receiver.Answer = (_, _) =>
            {
                killed.Kill();
                return Task.CompletedTask;
            };
            await FireAsync(http, receiver.Url);
            await killed.WaitForExitAsync();
        }

        receiver.Answer = (_, _) => Task.CompletedTask;
        await using var database = new NpgsqlConnection(superuser);
        Assert.That(
            await database.QuerySingleAsync<string>("select status || attempts from alerts.alert_deliveries"),
            Is.EqualTo("pending0")
        );
        // As if the time had passed after which what a silent server has in hand is another's.
        await database.ExecuteAsync(
            """
            update alerts.alert_deliveries set claimed_until = now() - interval '1 second';
            update hangfire.jobqueue set fetchedat = fetchedat - interval '1 hour'
            """
        );
        using var server = ServerProcess.Start(settings);
        await server.AddressAsync();

        var requests = await receiver.ReceivedAsync(2);
        Assert.That(requests.Select(request => request.Headers["webhook-id"]).Distinct().Count(), Is.EqualTo(1));
        await ApiTest.EventuallyAsync(
            () => database.QuerySingleAsync<string>("select status || attempts from alerts.alert_deliveries"),
            delivery => delivery == "sent1"
        );
    }

    private static async Task FireAsync(HttpClient http, string url)
    {
        var user = await ApiUser.SignUpAsync(http);
        (await user.PutAsync("/me/notification-channels", new { webhook = new { enabled = true, url } })).ShouldBe(200);
        (
            await user.PostAsync(
                "/alerts",
                new
                {
                    coinId = "bitcoin",
                    condition = "above",
                    price = 100,
                    notificationChannels = new[] { "webhook" },
                }
            )
        ).ShouldBe(201);
        var admin = await ApiUser.SignInAsync(http, TestServer.AdminEmail, TestServer.AdminPassword);
        var price = new
        {
            coinId = "bitcoin",
            currency = "USD",
            price = 101,
        };
        (await admin.PostAsync("/admin/market/prices", new { prices = new[] { price } })).ShouldBe(202);
    }
}
