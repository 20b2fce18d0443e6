using System.Text.Json;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;

namespace CryptoBeacon.Infrastructure.Audit;

internal sealed class AuditTrail(IWriteDatabase database) : IAuditTrail
{
    public Task RecordAsync(
        AuditAction action,
        string entity,
        string entityId,
        object after,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            "select audit.record(@entity, @entityId, @action, null, @after::jsonb)",
            new
            {
                entity,
                entityId,
                action = WireName.Of(action),
                after = JsonSerializer.Serialize(after, BeaconJson.Options),
            },
            cancellationToken
        );
}
