using System.Diagnostics;
using System.Text.Json;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.Infrastructure.Persistence.Migrations;
using Dapper;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CryptoBeacon.WebApi.Operations;

/// <summary>
/// Liveness: the process answers. Readiness: it can do its work; each check tells its numbers, and no address, name or message of the
/// database.
/// </summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void AddHealth(this IServiceCollection services, ServerRole role)
    {
        var checks = services
            .AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", timeout: Patience)
            .AddCheck<OutboxHealth>("outbox", timeout: Patience)
            .AddCheck<EvaluationHealth>("evaluation", timeout: Patience);
        if (role is not ServerRole.Web)
        {
            checks.AddCheck<JobsHealth>("jobs", timeout: Patience);
        }
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks(
                "/health/live",
                new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }
            )
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]))
            .AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync })
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]))
            .AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var checks = report.Entries.ToDictionary(
            check => check.Key,
            check =>
            {
                var details = check.Value.Data.ToDictionary();
                details["status"] = check.Value.Status;
                if (check.Value.Description is { } description)
                {
                    details["detail"] = description;
                }

                return details;
            }
        );
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body,
            new { report.Status, checks },
            BeaconJson.Options,
            context.RequestAborted
        );
    }

    /// <summary>The database answers, as the requests' login, and has exactly the migrations that this version knows.</summary>
    private sealed class DatabaseHealth(DataSources dataSources) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken
        ) =>
            await AskAsync(
                dataSources.App,
                async connection =>
                {
                    var start = Stopwatch.GetTimestamp();
                    var migration = await connection.ExecuteScalarAsync<string?>(
                        new CommandDefinition(
                            "select max(migration_id) from platform.schema_versions",
                            cancellationToken: cancellationToken
                        )
                    );
                    var data = new Dictionary<string, object>
                    {
                        ["milliseconds"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1),
                        ["migration"] = migration ?? "none",
                        ["newestMigration"] = DatabaseMigrator.Ids[^1],
                    };
                    return migration == DatabaseMigrator.Ids[^1]
                        ? HealthCheckResult.Healthy(data: data)
                        : HealthCheckResult.Unhealthy("The schema is not this version's: run db upgrade.", data: data);
                },
                cancellationToken
            );
    }

    /// <summary>This process's job server has shown a sign of life.</summary>
    private sealed class JobsHealth(DataSources dataSources, TimeProvider clock) : IHealthCheck
    {
        // Hangfire beats every 30 seconds.
        private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(90);

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken
        ) =>
            await AskAsync(
                dataSources.Worker,
                async connection =>
                {
                    var heartbeat = await connection.ExecuteScalarAsync<DateTime?>(
                        new CommandDefinition(
                            "select max(lastheartbeat) from hangfire.server where starts_with(id, @process)",
                            new { process = $"{Environment.MachineName.ToLowerInvariant()}:{Environment.ProcessId}:" },
                            cancellationToken: cancellationToken
                        )
                    );
                    if (heartbeat is not { } utc)
                    {
                        return HealthCheckResult.Unhealthy("The job server has not started.");
                    }

                    var last = new DateTimeOffset(utc, TimeSpan.Zero);
                    var data = new Dictionary<string, object> { ["lastHeartbeat"] = last };
                    return clock.GetUtcNow() - last < Tolerance
                        ? HealthCheckResult.Healthy(data: data)
                        : HealthCheckResult.Unhealthy("The job server has shown no sign of life lately.", data: data);
                },
                cancellationToken
            );
    }

    /// <summary>What was asked for in the outbox has been handed on: an old row means that nobody sweeps, which concerns no single request.</summary>
    private sealed class OutboxHealth(DataSources dataSources) : IHealthCheck
    {
        private const double Late = 60;

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken
        ) =>
            await AskAsync(
                dataSources.Worker,
                async connection =>
                {
                    var (waiting, oldest) = await connection.QuerySingleAsync<(long, double)>(
                        new CommandDefinition(
                            "select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float8 from platform.outbox",
                            cancellationToken: cancellationToken
                        )
                    );
                    var data = new Dictionary<string, object>
                    {
                        ["waiting"] = waiting,
                        ["oldestSeconds"] = Math.Round(oldest, 1),
                    };
                    return oldest < Late
                        ? HealthCheckResult.Healthy(data: data)
                        : HealthCheckResult.Degraded("Nobody empties the outbox.", data: data);
                },
                cancellationToken
            );
    }

    /// <summary>Prices that came in have been put to the alerts: who trusts in alerts must not be told that all is well while nobody looks.</summary>
    private sealed class EvaluationHealth(DataSources dataSources) : IHealthCheck
    {
        private const double Late = 60;

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken
        ) =>
            await AskAsync(
                dataSources.Worker,
                async connection =>
                {
                    var (waiting, oldest) = await connection.QuerySingleAsync<(long, double)>(
                        new CommandDefinition(
                            """
                            select count(*), coalesce(extract(epoch from now() - min(received_at)), 0)::float8
                            from api_integration.price_batches
                            where evaluated_at is null
                            """,
                            cancellationToken: cancellationToken
                        )
                    );
                    var data = new Dictionary<string, object>
                    {
                        ["waitingBatches"] = waiting,
                        ["oldestSeconds"] = Math.Round(oldest, 1),
                    };
                    return oldest < Late
                        ? HealthCheckResult.Healthy(data: data)
                        : HealthCheckResult.Unhealthy("Alerts lag behind the prices.", data: data);
                },
                cancellationToken
            );
    }

    private static async Task<HealthCheckResult> AskAsync(
        NpgsqlDataSource dataSource,
        Func<NpgsqlConnection, Task<HealthCheckResult>> ask,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            return await ask(connection);
        }
        catch (Exception exception)
            when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // The exception goes to the log; its message may name hosts and logins.
            return HealthCheckResult.Unhealthy("The database can't be reached.", exception);
        }
    }
}
