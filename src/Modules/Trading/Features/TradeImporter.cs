using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Jobs;
using CryptoBeacon.Trading.Persistence;
using CsvHelper;

namespace CryptoBeacon.Trading.Features;

/// <param name="Format">What the file turned out to be.</param>
internal sealed record ImportedFile(ImportFormat Format, ImportReport Report);

/// <summary>
/// The steps of an import, inside the command's transaction: the file streams into a staging table while it is read, and the rest is a statement a step,
/// so that neither memory nor round trips grow with it.
/// </summary>
internal sealed class TradeImporter(
    IValidator<TradeInput> validator,
    CoinSymbols coinSymbols,
    StagedTrades staged,
    StagedAppraisal appraisal,
    IPositions positions,
    PositionKeeper keeper,
    IOutbox outbox,
    ICurrentUser user,
    TimeProvider clock
)
{
    /// <param name="progress">Hears how much of the file has been read, from 0 to 1.</param>
    public async Task<Result<ImportedFile>> ImportAsync(
        Guid importId,
        ImportOptions options,
        Stream content,
        System.Text.Encoding encoding,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        if (await positions.FindPortfolioAsync(options.PortfolioId!.Value, cancellationToken) is not { } portfolio)
        {
            return TradeErrors.NoPortfolio;
        }

        var symbols = await coinSymbols.LoadAsync(options.Symbols, cancellationToken);
        var opened = await TradeFile.OpenAsync(
            content,
            encoding,
            options.WantedFormat,
            options.FileName,
            symbols,
            cancellationToken
        );
        if (!opened.IsSuccess)
        {
            return opened.Error;
        }

        await using var file = opened.Value;
        var reader = new ImportReader(validator, portfolio, symbols, clock.UtcNow());
        if (await StageAsync(file, reader, content, progress, cancellationToken) is { } unreadable)
        {
            return unreadable;
        }

        await appraisal.AppraiseAsync(portfolio, reader, cancellationToken);
        var coinIds = await staged.CoinIdsAsync(cancellationToken);
        await positions.LockAsync(portfolio.Id, coinIds, cancellationToken);
        // Our own files have the order of the ledger that they are from; exchanges promise none.
        var keepsOrder = file.Format == ImportFormat.Cryptobeacon;
        await staged.SortAsync(portfolio.Id, importId, keepsOrder, cancellationToken);
        if (options.RejectsOversell)
        {
            await RejectOversoldAsync(portfolio, reader, coinIds, cancellationToken);
        }

        reader.Rejected.Sort((a, b) => a.Line.CompareTo(b.Line));
        if (options.IsStrict && reader.Rejected.Count > 0)
        {
            return ImportReport.Refusal(reader.Rejected);
        }

        var report = await ReportAsync(options.IsDryRun ? null : importId, reader, cancellationToken);
        if (options.IsDryRun)
        {
            return new ImportedFile(
                file.Format,
                report with
                {
                    Rows = await RowsAsync(portfolio, reader, cancellationToken),
                }
            );
        }

        var stored =
            report.Imported > 0 ? await StoreAsync(importId, portfolio, coinIds, cancellationToken) : Result.Success;
        return stored.IsSuccess ? new ImportedFile(file.Format, report) : stored.Error;
    }

    private async Task<Error?> StageAsync(
        TradeFile file,
        ImportReader reader,
        Stream content,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var rows = file.ReadAsync(cancellationToken)
                .Select(row =>
                {
                    progress?.Report((double)content.Position / content.Length);
                    return row;
                });
            await staged.FillAsync(reader.ReadAsync(rows), cancellationToken);
        }
        catch (CsvFormatException exception)
        {
            return TradeFile.NotCsv(exception);
        }

        if (!reader.HasTooManyListed)
        {
            return null;
        }

        var (line, reason) = reader
            .Rejected.Select(row => (row.Line, row.Error))
            .Concat(reader.Skipped.Select(row => (row.Line, row.Reason)))
            .MinBy(row => row.Line);
        return Error.Invalid(
            TradeFile.Body,
            $"has more than {ImportReader.MaxListed} rows that are no trades or can't be imported; the first is on line {line}: {reason}"
        );
    }

    /// <summary>Takes out what sells more than is held, until all that is left can be sold: the other leg of a swap goes with it.</summary>
    private async Task RejectOversoldAsync(
        PortfolioTerms portfolio,
        ImportReader reader,
        IReadOnlyList<string> coinIds,
        CancellationToken cancellationToken
    )
    {
        var ledgers = await keeper.LedgersAsync(portfolio, coinIds, cancellationToken);
        while (true)
        {
            var added = await staged.MovementsAsync(cancellationToken);
            var oversold = added
                .GroupBy(movement => movement.CoinId)
                .SelectMany(coin => PositionReplay.Unaffordable(ledgers[coin.Key], [.. coin]))
                .ToHashSet();
            if (oversold.Count == 0)
            {
                return;
            }

            var lines = await staged.RejectAsync(oversold, cancellationToken);
            reader.Rejected.AddRange(lines.Distinct().Select(RejectedRow.Oversold));
        }
    }

    private async Task<ImportReport> ReportAsync(
        Guid? importId,
        ImportReader reader,
        CancellationToken cancellationToken
    )
    {
        var counts = await staged.CountAsync(cancellationToken);
        return new ImportReport(
            importId,
            counts.GetValueOrDefault(WireName.Of(RowFate.Imported)),
            counts.GetValueOrDefault(WireName.Of(RowFate.Duplicate)),
            reader.Skipped,
            reader.Rejected
        );
    }

    private async Task<IReadOnlyList<ImportRow>> RowsAsync(
        PortfolioTerms portfolio,
        ImportReader reader,
        CancellationToken cancellationToken
    )
    {
        var sorted = await staged.ListAsync(cancellationToken);
        var oversold = sorted
            .Where(row => row.Fate == WireName.Of(RowFate.Rejected))
            .Select(row => row.Line)
            .ToHashSet();
        return
        [
            .. sorted
                .Select(row => new ImportRow(
                    row.Line,
                    WireName.Parse<RowFate>(row.Fate),
                    Trade.Record(user.Id, row.ToTerms(portfolio.Id)).ToInput()
                ))
                .Concat(
                    reader
                        .Rejected.Where(row => !oversold.Contains(row.Line))
                        .Select(row => new ImportRow(row.Line, RowFate.Rejected, Trade: null))
                )
                .Concat(reader.Skipped.Select(row => new ImportRow(row.Line, RowFate.Skipped, Trade: null)))
                .OrderBy(row => row.Line),
        ];
    }

    private async Task<Result> StoreAsync(
        Guid importId,
        PortfolioTerms portfolio,
        IReadOnlyList<string> coinIds,
        CancellationToken cancellationToken
    )
    {
        var inserted = await staged.InsertAsync(portfolio.Id, importId, user.Id, cancellationToken);
        if (!inserted.IsSuccess)
        {
            return inserted;
        }

        await outbox.RequestJobAsync(KeepImportedVersionsJob.Name, importId.ToString(), cancellationToken);
        return await keeper.ReplayAsync(portfolio, coinIds, cancellationToken);
    }
}
