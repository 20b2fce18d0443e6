using System.Runtime.InteropServices;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>What an operator's SIGTERM meets: requests and jobs in the middle of their work, held there by a lock of the test.</summary>
[Platform(Exclude = "Win")]
internal sealed class GracefulStopTests : ApiTest
{
    [Test]
    public async Task A_request_in_flight_finishes_with_its_answer_while_new_ones_are_turned_away()
    {
        using var server = ServerProcess.Start(TestRun.Server.Settings);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        var ada = await ApiUser.SignUpAsync(http);
        await using var held = await HoldAsync(TestRun.Server.SuperuserConnectionString, "portfolios.portfolios");
        var inFlight = ada.PostAsync("/portfolios", new { name = "In flight", currency = "USD" });
        await held.SomebodyWaitsAsync();

        server.Send(PosixSignal.SIGTERM);
        await EventuallyAsync(() => AnswersAsync(http.BaseAddress!), answers => !answers);
        Assert.That(inFlight.IsCompleted, Is.False);
        await held.ReleaseAsync();

        (await inFlight).ShouldBe(201);
        await server.WaitForExitAsync();
        Assert.That(server.ExitCode, Is.Zero, server.Output);
    }

    [Test]
    public async Task A_running_job_goes_back_at_once_and_another_server_runs_it()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("graceful_stop");
        string[] settings = [.. TestRun.Server.Settings, $"--ConnectionStrings:CryptoBeacon={owner}"];
        using var first = ServerProcess.Start(settings);
        await first.AddressAsync();
        await using var database = new NpgsqlConnection(superuser);
        await using var held = await HoldAsync(superuser, "api_integration.price_batches");
        await database.ExecuteAsync(
            """insert into platform.outbox (kind, payload) values ('job', '{"name": "alerts.evaluate"}')"""
        );
        var job = await EventuallyAsync(() => JobOfAsync(first), job => job is not null);
        using var second = ServerProcess.Start(settings);
        await second.AddressAsync();

        first.Send(PosixSignal.SIGTERM);

        // Without its going back, the job would wait for the minute after which it counts as lost.
        await EventuallyAsync(() => JobOfAsync(second), other => other == job, TimeSpan.FromSeconds(15));
        await held.ReleaseAsync();
        await EventuallyAsync(StateAsync, state => state == "Succeeded");
        await first.WaitForExitAsync();
        Assert.That(first.ExitCode, Is.Zero, first.Output);

        Task<long?> JobOfAsync(ServerProcess server) =>
            database.ExecuteScalarAsync<long?>(
                """
                select min(job.id)
                from hangfire.job join hangfire.state on state.id = job.stateid
                where job.arguments::text like '%alerts.evaluate%' and job.statename = 'Processing'
                    and split_part(state.data ->> 'ServerId', ':', 2)::int = @Id
                """,
                new { server.Id }
            );

        Task<string?> StateAsync() =>
            database.ExecuteScalarAsync<string>("select statename from hangfire.job where id = @job", new { job });
    }

    private static async Task<bool> AnswersAsync(Uri address)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            await http.GetAsync("/health/live");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<HeldTable> HoldAsync(string connectionString, string table)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync($"lock table {table} in access exclusive mode", transaction: transaction);
        return new HeldTable(connection, transaction);
    }

    /// <summary>A table that nobody else can touch.</summary>
    private sealed class HeldTable(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public Task<bool> SomebodyWaitsAsync() =>
            EventuallyAsync(
                () =>
                    connection.ExecuteScalarAsync<bool>(
                        "select exists (select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid)))",
                        transaction: transaction
                    ),
                waits => waits
            );

        public Task ReleaseAsync() => transaction.CommitAsync();

        public async ValueTask DisposeAsync() => await connection.DisposeAsync();
    }
}
