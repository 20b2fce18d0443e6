using System.Diagnostics.Metrics;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Behaviors;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Infrastructure.Persistence;
using Dapper;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.Audit;

/// <summary>Moves the outbox to the end of the chain, batch after batch, each in a transaction of its own.</summary>
internal sealed class AppendAuditEntriesJob(DataSources dataSources) : IJob
{
    public const string Name = "audit.append";
    private const int BatchSize = 1000;

    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        await using var connection = await dataSources.Worker.OpenConnectionAsync(cancellationToken);
        var append = new CommandDefinition(
            "select audit.append_entries(@BatchSize)",
            new { BatchSize },
            cancellationToken: cancellationToken
        );
        while (await connection.ExecuteScalarAsync<int>(append) == BatchSize) { }
    }
}

/// <summary>Looks at the whole chain and says how far it is, for whoever asked and did not wait. Killed, it begins anew.</summary>
internal sealed class VerifyAuditEntriesJob(IAuditLog log, DataSources dataSources) : IJob
{
    public const string Name = "audit.verify";

    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(argument!);
        await NoteAsync("status = 'running'", new { id, entries = 0L });
        var verdict = await log.VerifyAsync(
            entries => NoteAsync("entries = @entries", new { id, entries }),
            cancellationToken
        );
        await NoteAsync(
            "status = 'succeeded', entries = @Entries, first_broken = @FirstBroken, finished_at = now()",
            new
            {
                id,
                verdict.Entries,
                verdict.FirstBroken,
            }
        );

        async Task NoteAsync(string changes, object parameters)
        {
            await using var connection = await dataSources.Worker.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync(
                new CommandDefinition(
                    $"update audit.audit_verifications set {changes} where id = @id",
                    parameters,
                    cancellationToken: cancellationToken
                )
            );
        }
    }
}

/// <summary>
/// Destroys the keys of days that lie more than 90 days back, once a day, and with them the addresses of those days' entries. The chain is over the
/// sealed bytes, so it stays whole.
/// </summary>
internal sealed class ForgetAddressesJob(DataSources dataSources) : IJob
{
    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        await using var connection = await dataSources.Worker.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "delete from audit.address_keys where day < (now() at time zone 'UTC')::date - 90",
                cancellationToken: cancellationToken
            )
        );
    }
}

/// <summary>Looks once a day whether what was appended since is what was written then.</summary>
internal sealed partial class CheckAuditEntriesJob(IAuditLog log, ILogger<CheckAuditEntriesJob> logger) : IJob
{
    private static readonly Gauge<long> FirstBroken = Telemetry.Meter.CreateGauge<long>(
        "crypto_beacon.audit.first_broken",
        description: "The first entry of the audit trail that is not what was written; 0 while the chain is whole."
    );

    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var verdict = await log.CheckNewPartAsync(cancellationToken);
        FirstBroken.Record(verdict.FirstBroken ?? 0);
        if (verdict.FirstBroken is { } sequence)
        {
            LogBroken(sequence);
        }
        else
        {
            LogWhole(verdict.Entries);
        }
    }

    [LoggerMessage(
        LogLevel.Critical,
        "The audit trail has been tampered with: entry {Sequence} is missing or is not what was written"
    )]
    private partial void LogBroken(long sequence);

    [LoggerMessage(LogLevel.Information, "The audit trail is whole: {Entries} new entries were checked")]
    private partial void LogWhole(long entries);
}
