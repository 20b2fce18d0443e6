using CryptoBeacon.IntegrationTests.Harness;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Operations;

internal sealed class HealthTests : ApiTest
{
    [Test]
    public async Task A_process_that_answers_is_alive() =>
        Assert.That((await Anonymous.GetAsync("~/health/live")).ShouldBe(200)["status"], Is.EqualTo("healthy"));

    [Test]
    public async Task A_ready_server_tells_its_numbers_and_no_secret()
    {
        var health = await EventuallyAsync(
            () => Anonymous.GetAsync("~/health/ready"),
            answer => (int)answer.Status == 200
        );

        var checks = health.Json["checks"]!;
        Assert.That(
            checks["database"]!["migration"]!.ToString(),
            Is.EqualTo(checks["database"]!["newestMigration"]!.ToString())
        );
        Assert.That(checks["jobs"]!["lastHeartbeat"], Is.Not.Null);
        Assert.That(checks["outbox"]!["oldestSeconds"]!.GetValue<double>(), Is.LessThan(60));
        Assert.That(
            health.Text,
            Does.Not.Contain("Host=").And.Not.Contain("crypto_beacon_").And.Not.Contain("127.0.0.1")
        );
    }

    [Test]
    public async Task A_schema_of_another_version_is_not_ready()
    {
        await ExecuteAsync(
            "insert into platform.schema_versions (migration_id, product_version) values ('9999_future', 'test')"
        );
        try
        {
            var health = (await Anonymous.GetAsync("~/health/ready")).ShouldBe(503);
            Assert.That(health.Json["checks"]!["database"]!["status"]!.ToString(), Is.EqualTo("unhealthy"));
            (await Anonymous.GetAsync("~/health/live")).ShouldBe(200);
        }
        finally
        {
            await ExecuteAsync("delete from platform.schema_versions where migration_id = '9999_future'");
        }
    }

    [Test]
    public async Task Prometheus_finds_measurements()
    {
        // A server of its own: in one process a web server that ends, as the tests' receivers do, takes what all of them measure with it.
        await using var node = await TestRun.Server.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(node.Urls.First()) };
        var client = new ApiClient(http);
        await client.GetAsync("~/health/ready");

        var metrics = (await client.GetAsync("~/metrics")).ShouldBe(200);

        Assert.That(metrics.Text, Does.Contain("http_server_request_duration").And.Contain("db_client"));
    }

    /// <summary>Anybody may read them, and the hosts of webhooks are their owners' business. What the tests call is measured as a client, too.</summary>
    [Test]
    public async Task Measurements_tell_nothing_of_whom_the_server_calls()
    {
        await Anonymous.GetAsync("~/health/live");

        var metrics = (await Anonymous.GetAsync("~/metrics")).ShouldBe(200);

        Assert.That(metrics.Text, Does.Contain("http_client_request_duration"));
        Assert.That(
            metrics.Text.Split('\n').Where(line => line.StartsWith("http_client", StringComparison.Ordinal)),
            Has.None.Contain("server_address").And.None.Contain("network_peer_address")
        );
        Assert.That(metrics.Text, Does.Not.Contain("dns_"));
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
