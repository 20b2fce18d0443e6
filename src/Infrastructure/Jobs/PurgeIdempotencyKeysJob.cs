using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Infrastructure.Persistence;
using Dapper;

namespace CryptoBeacon.Infrastructure.Jobs;

/// <summary>Deletes answers that are past their 24 hours.</summary>
internal sealed class PurgeIdempotencyKeysJob(DataSources dataSources) : IJob
{
    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        await using var connection = await dataSources.Worker.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "delete from platform.idempotency_keys where expires_at < now()",
                cancellationToken: cancellationToken
            )
        );
    }
}
