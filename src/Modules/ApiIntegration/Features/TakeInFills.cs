using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Contracts.Trading;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Stores a page's fills as trades and, in the same transaction, where the next page begins: killed before or after, nothing is lost or done twice.</summary>
/// <param name="ReadFrom">Where the page began. Another run of the job may have stored it meanwhile.</param>
/// <returns>Whether there is more to do now.</returns>
internal sealed record TakeInFills(Guid RunId, string Exchange, string? ReadFrom, FillPage Page) : ICommand<bool>;

internal sealed class TakeInFillsHandler(
    IWriteDatabase database,
    IFillImports imports,
    SyncRuns runs,
    ICurrentUser user,
    TimeProvider clock
) : IRequestHandler<TakeInFills, Result<bool>>
{
    private const int MaxListed = 100;

    public async Task<Result<bool>> Handle(TakeInFills request, CancellationToken cancellationToken)
    {
        var locked = await database.QueryAsync<LockedRun>(
            """
            select portfolio_id, import_id, imported, resume_from
            from api_integration.sync_runs
            where user_id = @userId and id = @RunId and status in ('queued', 'running')
            for update
            """,
            new { userId = user.Id, request.RunId },
            cancellationToken
        );
        if (locked is not [var run])
        {
            return false;
        }

        if (run.ResumeFrom != request.ReadFrom)
        {
            return true;
        }

        var importId = run.ImportId ?? Uuid.New();
        var recorded = await imports.RecordAsync(
            new FillBatch(
                importId,
                IsContinued: run.Imported > 0,
                run.PortfolioId,
                request.Exchange.ToLowerInvariant(),
                [.. request.Page.Fills.Select(Describe)]
            ),
            cancellationToken
        );
        if (!recorded.IsSuccess && recorded.Error.Kind != ErrorKind.NotFound)
        {
            return recorded.Error;
        }

        if (!recorded.IsSuccess)
        {
            await runs.EndAsync(request.RunId, SyncStatus.Cancelled, recorded.Error, cancellationToken);
            return false;
        }

        await NoteAsync(request, recorded.Value, importId, cancellationToken);
        return !request.Page.IsLast;
    }

    private Task<int> NoteAsync(
        TakeInFills request,
        FillReceipt receipt,
        Guid importId,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            $"""
            update api_integration.sync_runs
            set status = @status, resume_from = @Cursor, progress = coalesce(@progress, progress),
                import_id = case when imported + @Imported > 0 then @importId end,
                imported = imported + @Imported, duplicates = duplicates + @Duplicates, skipped = skipped + @Skipped,
                rejected_count = rejected_count + @rejectedCount,
                rejected = case when jsonb_array_length(rejected) < {MaxListed} then rejected || @rejected::jsonb else rejected end,
                attempts = 0, fault = null, error = null, started_at = coalesce(started_at, @now), finished_at = @finishedAt
            where id = @RunId
            """,
            new
            {
                request.RunId,
                request.Page.Cursor,
                status = WireName.Of(request.Page.IsLast ? SyncStatus.Succeeded : SyncStatus.Running),
                progress = request.Page.IsLast ? 1 : RoundedProgress(request.Page),
                importId,
                receipt.Imported,
                receipt.Duplicates,
                receipt.Skipped,
                rejectedCount = receipt.Rejected.Count,
                rejected = System.Text.Json.JsonSerializer.Serialize(
                    receipt.Rejected.Take(MaxListed).Select(fill => new RejectedFillDto(fill.ExternalId, fill.Error)),
                    BeaconJson.Options
                ),
                now = clock.UtcNow(),
                finishedAt = request.Page.IsLast ? clock.UtcNow() : (DateTimeOffset?)null,
            },
            cancellationToken
        );

    private static decimal? RoundedProgress(FillPage page) =>
        page.Progress is { } progress ? Math.Round(Math.Clamp(progress, 0, 1), 4) : null;

    private static ExternalFill Describe(Fill fill) =>
        new(
            fill.ExternalId,
            fill.At,
            fill.Side == FillSide.Buy,
            fill.Asset,
            fill.Currency,
            fill.Quantity,
            fill.Price,
            fill.Total,
            fill.Fee,
            fill.FeeCurrency
        );

    private sealed record LockedRun
    {
        public required Guid PortfolioId { get; init; }

        public Guid? ImportId { get; init; }

        public required int Imported { get; init; }

        public string? ResumeFrom { get; init; }
    }
}
