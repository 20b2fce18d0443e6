using System.Net;
using System.Text.RegularExpressions;
using CryptoBeacon.Domain;
using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>PostgreSQL is stopped in the middle of its work and started again, under a server that runs on.</summary>
[Platform(Exclude = "Win")]
internal sealed class DatabaseRestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task Every_queue_goes_on_and_what_recurs_keeps_its_name()
    {
        await using var place = await OwnInstallation.StartAsync(servers: 1);
        var recurring = TestRun.Server.Server.App.Services.GetRequiredService<JobCatalog>().Recurring.ToList();

        await place.StopDatabaseAtOnceAsync();

        await using var database = new NpgsqlConnection(place.Superuser);
        var restartedAt = await database.ExecuteScalarAsync<DateTime>("select pg_postmaster_start_time()");
        foreach (var job in OneOfEachQueue)
        {
            var mark = $"{Uuid.New()}";
            await database.ExecuteAsync("select platform.request_job(@job, @mark)", new { job, mark });
            await ApiTest.EventuallyAsync(
                () =>
                    database.ExecuteScalarAsync<string>(
                        "select statename from hangfire.job where arguments::text like '%' || @mark || '%'",
                        new { mark }
                    ),
                state => state == "Succeeded",
                Patience
            );
        }

        foreach (var job in recurring.Where(job => job.Cron == EveryMinute))
        {
            await ApiTest.EventuallyAsync(
                () =>
                    database.ExecuteScalarAsync<DateTime?>(
                        """
                        select to_timestamp(value::bigint / 1000.0)
                        from hangfire.hash
                        where key = 'recurring-job:' || @Name and field = 'LastExecution'
                        """,
                        new { job.Name }
                    ),
                ranAt => ranAt > restartedAt,
                Patience
            );
        }

        using var browser = new Browser(await place.AddressAsync());
        await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword);
        var page = WebUtility.HtmlDecode(
            await (await browser.GetAsync("/hangfire/recurring?count=100")).Content.ReadAsStringAsync()
        );
        foreach (var job in recurring)
        {
            // Once as its id, once as what it does.
            Assert.That(Regex.Count(page, $@">\s*{Regex.Escape(job.Name)}\s*<"), Is.EqualTo(2), job.Name);
        }
    }

    private const string EveryMinute = "* * * * *";

    /// <summary>None of them finds anything to do.</summary>
    private static readonly string[] OneOfEachQueue = ["alerts.evaluate", "alerts.deliver", "models.backtest"];
}
