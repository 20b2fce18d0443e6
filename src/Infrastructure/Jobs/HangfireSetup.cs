using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Infrastructure.Audit;
using CryptoBeacon.Infrastructure.Persistence;
using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Jobs;

public static class HangfireSetup
{
    /// <summary>Storage and client, for processes that show the dashboard or ask for jobs.</summary>
    public static IServiceCollection AddJobStorage(this IServiceCollection services) =>
        services
            .AddSingleton<JobHost>()
            .AddSingleton<JobCatalog>()
            .AddHangfire(
                (provider, hangfire) =>
                    hangfire
                        .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                        .UseSimpleAssemblyNameTypeSerializer()
                        .UseRecommendedSerializerSettings()
                        .UsePostgreSqlStorage(
                            storage => storage.UseConnectionFactory(new WorkerConnections(provider)),
                            new PostgreSqlStorageOptions
                            {
                                SchemaName = "hangfire",
                                // The owner's migration has made it; this login may not.
                                PrepareSchemaIfNecessary = false,
                                // With a fixed timeout a killed job would wait, and a long one start twice, after half an hour.
                                UseSlidingInvisibilityTimeout = true,
                                InvisibilityTimeout = TimeSpan.FromMinutes(1),
                                // Its locks are held for milliseconds, and are rows, which outlive a server that is killed: for ten minutes, unless told,
                                // no other server could start, nor could what recurs. Shorter than the quarter minute that a start waits for one.
                                DistributedLockTimeout = TimeSpan.FromSeconds(8),
                                QueuePollInterval = TimeSpan.FromSeconds(5),
                                EnableLongPolling = true,
                            }
                        )
            );

    /// <summary>What runs the jobs.</summary>
    public static IServiceCollection AddJobServer(this IServiceCollection services)
    {
        // Enqueue blocks a thread; too few at the start and everything waits for the pool to grow.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, 32), completions);

        return services
            .AddHangfireServer(options =>
            {
                options.Queues = [JobQueues.Urgent, JobQueues.Default];
                options.WorkerCount = 6;
                options.SchedulePollingInterval = TimeSpan.FromSeconds(2);
                options.ShutdownTimeout = TimeSpan.FromSeconds(15);
            })
            .AddHangfireServer(options =>
            {
                options.ServerName = $"{Environment.MachineName}:{Environment.ProcessId}:computing";
                options.Queues = [JobQueues.Computing];
                options.WorkerCount = Environment.ProcessorCount;
                // What recurs or is due later is the other's to hand out.
                options.IsLightweightServer = true;
                options.ShutdownTimeout = TimeSpan.FromSeconds(15);
            })
            .AddHostedService<OutboxSweeper>()
            .AddHostedService<AuditWatch>()
            .AddHostedService<RecurringJobs>();
    }

    /// <summary>The dashboard is mapped, with its storage, while the database may not be open yet.</summary>
    private sealed class WorkerConnections(IServiceProvider services) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() =>
            services.GetRequiredService<DataSources>().Hangfire.CreateConnection();
    }
}
