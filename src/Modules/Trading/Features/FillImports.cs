using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Fills go the way of a file's rows: the same booking, the same identity, the same staging.</summary>
internal sealed class FillImports(
    IValidator<TradeInput> validator,
    CoinSymbols coinSymbols,
    StagedTrades staged,
    StagedAppraisal appraisal,
    TradeImports imports,
    IPositions positions,
    PositionKeeper keeper,
    TradeHistory history,
    ICurrentUser user,
    TimeProvider clock
) : IFillImports
{
    public async Task<Result<FillReceipt>> RecordAsync(FillBatch batch, CancellationToken cancellationToken)
    {
        await imports.LockAsync(batch.ImportId, cancellationToken);
        if (batch.IsContinued && !await imports.StandAsync([batch.ImportId], cancellationToken))
        {
            return TradeErrors.NoImport;
        }

        if (await positions.FindPortfolioAsync(batch.PortfolioId, cancellationToken) is not { } portfolio)
        {
            return TradeErrors.NoPortfolio;
        }

        if (batch.Fills.Count == 0)
        {
            return new FillReceipt(0, 0, 0, []);
        }

        var symbols = await coinSymbols.LoadAsync(mapping: null, cancellationToken);
        var reader = new ImportReader(validator, portfolio, symbols, clock.UtcNow());
        await staged.FillAsync(reader.ReadAsync(Rows(batch).ToAsyncEnumerable()), cancellationToken);
        await appraisal.AppraiseAsync(portfolio, reader, cancellationToken);
        var coinIds = await staged.CoinIdsAsync(cancellationToken);
        await positions.LockAsync(portfolio.Id, coinIds, cancellationToken);
        await staged.SortAsync(portfolio.Id, Uuid.New(), keepsOrder: false, cancellationToken);

        var receipt = await ReceiptAsync(batch, reader, cancellationToken);
        if (receipt.Imported == 0)
        {
            return receipt;
        }

        await imports.CountAsync(batch, receipt, cancellationToken);
        var inserted = await staged.InsertAsync(portfolio.Id, batch.ImportId, user.Id, cancellationToken);
        if (!inserted.IsSuccess)
        {
            return inserted.Error;
        }

        await history.KeepAsync(TradeChange.Created, await staged.IdsAsync(cancellationToken), cancellationToken);
        var settled = await keeper.ReplayAsync(portfolio, coinIds, cancellationToken);
        return settled.IsSuccess ? receipt : settled.Error;
    }

    public Task<bool> StandAsync(IReadOnlyCollection<Guid> importIds, CancellationToken cancellationToken) =>
        imports.StandAsync(importIds, cancellationToken);

    private async Task<FillReceipt> ReceiptAsync(
        FillBatch batch,
        ImportReader reader,
        CancellationToken cancellationToken
    )
    {
        var counts = await staged.CountAsync(cancellationToken);
        return new FillReceipt(
            counts.GetValueOrDefault(WireName.Of(RowFate.Imported)),
            counts.GetValueOrDefault(WireName.Of(RowFate.Duplicate)),
            reader.Skipped.Count,
            [
                .. reader
                    .Rejected.OrderBy(row => row.Line)
                    .Select(row => new RejectedFill(batch.Fills[(int)row.Line - 1].ExternalId, row.Error)),
            ]
        );
    }

    /// <summary>Line by line, from 1, as if a file had listed them.</summary>
    private static IEnumerable<FileRow> Rows(FillBatch batch) =>
        batch.Fills.SelectMany(
            (fill, index) => EntriesOf(fill, batch.Exchange).Select(entry => new FileRow.Entry(index + 1, entry))
        );

    private static IEnumerable<FileEntry> EntriesOf(ExternalFill fill, string exchange)
    {
        var rebate = Math.Max(-fill.Fee, 0);
        var entry = new FileEntry
        {
            Type = fill.IsBuy ? TradeType.Buy : TradeType.Sell,
            At = fill.At,
            Asset = fill.Asset,
            Quantity = fill.Quantity,
            Quote = fill.Currency,
            Price = fill.Price,
            Total = fill.Total,
            Fee = Math.Max(fill.Fee, 0),
            FeeAsset = fill.FeeCurrency,
            DeductsFee = true,
            Exchange = exchange,
            ExternalId = fill.ExternalId,
        };
        if (rebate == 0)
        {
            return [entry];
        }

        if (fill.FeeCurrency == fill.Currency)
        {
            // What the exchange pays towards a trade in the trade's own currency is part of its price.
            var total = fill.Total ?? Exact.Multiply(fill.Quantity, fill.Price);
            return [entry with { Total = total - (fill.IsBuy ? rebate : -rebate) }];
        }

        return
        [
            entry,
            new FileEntry
            {
                Type = TradeType.Income,
                At = fill.At,
                Asset = fill.FeeCurrency,
                Quantity = rebate,
                Exchange = exchange,
                ExternalId = $"{fill.ExternalId}/rebate",
            },
        ];
    }
}
