using System.Transactions;
using CryptoBeacon.Application.Jobs;
using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Jobs;

/// <summary>
/// Tells Hangfire which jobs recur; the modules' definitions are the truth at every start, which need not wait for it. A database that is away at that
/// moment is asked again.
/// </summary>
internal sealed partial class RecurringJobs(
    IRecurringJobManagerV2 manager,
    JobCatalog catalog,
    TimeProvider clock,
    ILogger<RecurringJobs> logger
) : BackgroundService
{
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rarely = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var job in catalog.Recurring)
        {
            stoppingToken.ThrowIfCancellationRequested();
            for (var delay = Again; !Tell(job); delay = delay < Rarely ? 2 * delay : Rarely)
            {
                await Task.Delay(delay, clock, stoppingToken);
            }
        }
    }

    private bool Tell(JobDefinition job)
    {
        try
        {
            manager.AddOrUpdate(
                job.Name,
                JobHost.Call(job.Name, null, job.Queue),
                job.Cron,
                new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc }
            );
            return true;
        }
        catch (Exception exception)
            when (exception
                    is NpgsqlException
                        or TimeoutException
                        or TransactionException
                        or PostgreSqlDistributedLockException
            )
        {
            LogPostponed(exception, job.Name);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Hangfire could not be told that {Job} recurs, and is told again")]
    private partial void LogPostponed(Exception exception, string job);
}
