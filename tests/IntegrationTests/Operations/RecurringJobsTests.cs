using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Operations;

internal sealed class RecurringJobsTests : ApiTest
{
    private static IServiceProvider Services => TestRun.Server.Server.App.Services;

    [Test]
    public async Task Every_recurring_job_does_its_work_as_the_worker_login_twice_over()
    {
        var names = Services.GetRequiredService<JobCatalog>().Recurring.Select(job => job.Name).ToList();
        Assert.That(names, Is.Not.Empty);

        foreach (var name in names.Concat(names))
        {
            await RunAsync(name);
        }
    }

    [Test]
    public async Task Evaluated_batches_go_after_a_month_with_their_ticks_and_others_stay()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.ExecuteAsync(
            """
            insert into api_integration.price_batches (id, sequence, provider, received_at, evaluated_at)
            select platform.uuid_v7(), n, 'test', now() - interval '40 days', case n when 1 then now() - interval '31 days' when 2 then now() end
            from generate_series(1, 3) n;
            insert into api_integration.price_ticks (batch_sequence, ordinal, coin_id, currency, price, as_of, provider, is_late)
            select n, 0, 'bitcoin', 'USD', 1, now() - interval '40 days', 'test', false from generate_series(1, 3) n;
            """
        );

        await RunAsync("api_integration.keep_tables_in_shape");

        Assert.That(
            await connection.QueryAsync<long>("select sequence from price_batches order by 1"),
            Is.EqualTo(new[] { 2, 3 })
        );
        Assert.That(
            await connection.QueryAsync<long>("select batch_sequence from price_ticks order by 1"),
            Is.EqualTo(new[] { 2, 3 })
        );
    }

    [Test]
    public async Task A_lock_that_a_killed_server_has_left_behind_keeps_no_other_from_starting()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.ExecuteAsync(
            """
            insert into hangfire.lock (resource, acquired) values ('hangfire:lock:recurring-job:alerts.deliver', now())
            on conflict (resource) do update set acquired = excluded.acquired
            """
        );

        await using var node = await TestRun.Server.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(node.Urls.First()) };

        (await new ApiClient(http).GetAsync("~/health/live")).ShouldBe(200);
        // Where it is waited for no longer, what recurs has been told, and the lock is given back.
        await EventuallyAsync(
            () =>
                connection.ExecuteScalarAsync<bool>(
                    "select exists (select from hangfire.lock where resource = 'hangfire:lock:recurring-job:alerts.deliver')"
                ),
            isLocked => !isLocked,
            TimeSpan.FromSeconds(30)
        );
    }

    private static Task RunAsync(string job) =>
        Services.GetRequiredService<JobHost>().RunAsync(job, null, CancellationToken.None);
}
