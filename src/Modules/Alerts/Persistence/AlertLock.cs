using CryptoBeacon.Alerts.Domain;

namespace CryptoBeacon.Alerts.Persistence;

/// <summary>
/// Reads alerts in order to change them: they are locked first, so that a change and an evaluation of the same alert take turns. In the order of
/// their ids, as evaluation does.
/// </summary>
internal sealed class AlertLock(IWriteDatabase database, IRepository<Alert> alerts)
{
    public async Task<Alert?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            "select from alerts.alerts where id = @id for update",
            new { id },
            cancellationToken
        );
        return await alerts.FirstOrDefaultAsync(new AlertSpecs.WithId(id), cancellationToken);
    }

    public async Task<List<Alert>> ListOfOriginAsync(Guid originId, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            "select from alerts.alerts where origin_id = @originId order by id for update",
            new { originId },
            cancellationToken
        );
        return await alerts.ListAsync(new AlertSpecs.OfOrigin(originId), cancellationToken);
    }
}
