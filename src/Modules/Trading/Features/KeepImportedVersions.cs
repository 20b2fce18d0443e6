namespace CryptoBeacon.Trading.Features;

/// <summary>
/// Writes down the first versions of some of an import's trades, in the order of their ids. Those that somebody has changed since have theirs already.
/// </summary>
/// <returns>The last of them; null when there was none.</returns>
internal sealed record KeepImportedVersions(Guid ImportId, Guid After) : ICommand<Guid?>;

internal sealed class KeepImportedVersionsHandler(IWriteDatabase database)
    : IRequestHandler<KeepImportedVersions, Result<Guid?>>
{
    private const int AtOnce = 20_000;

    public async Task<Result<Guid?>> Handle(KeepImportedVersions request, CancellationToken cancellationToken)
    {
        var ids = await database.QueryAsync<Guid>(
            "select id from trading.trades where import_id = @ImportId and id > @After order by id limit @AtOnce",
            new
            {
                request.ImportId,
                request.After,
                AtOnce,
            },
            cancellationToken
        );
        await database.ExecuteAsync("select trading.keep_first_versions(@ids)", new { ids }, cancellationToken);
        return ids is [.., var last] ? last : (Guid?)null;
    }
}
