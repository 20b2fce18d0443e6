using System.Security.Cryptography;
using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Takes in a file of trades: all or nothing (strict), or its good rows (lenient); what was imported before is not imported again.</summary>
internal sealed record ImportTrades(ImportOptions Body, Stream Content, System.Text.Encoding Encoding)
    : ICommand<ImportReport>,
        IHasBody<ImportOptions>;

internal sealed record ImportOptions(
    Guid? PortfolioId,
    string? Format,
    string? Mode,
    string? Oversell,
    bool? DryRun,
    string? FileName,
    string? Symbols
)
{
    public bool IsStrict => Mode is null || Mode == WireName.Of(ImportMode.Strict);

    public bool RejectsOversell => Oversell == WireName.Of(OversellRule.Reject);
}

internal enum ImportMode
{
    Strict,
    Lenient,
}

internal enum OversellRule
{
    Record,
    Reject,
}

internal sealed class ImportTradesValidator : AbstractValidator<ImportTrades>
{
    public ImportTradesValidator()
    {
        RuleFor(c => c.Body.PortfolioId).NotNull().WithMessage("is required");
        RuleFor(c => c.Body.Format).OneOf<ImportTrades, ImportFormat>();
        RuleFor(c => c.Body.Mode).OneOf<ImportTrades, ImportMode>();
        RuleFor(c => c.Body.Oversell).OneOf<ImportTrades, OversellRule>();
        RuleFor(c => c.Body.FileName).Line(255);
        RuleFor(c => c.Body.Symbols)
            .Must(symbols => SymbolTable.ReadMapping(symbols) is not null)
            .WithMessage("must map symbols to coin ids, such as FOO:foo-coin,BAR:bar, each once");
    }
}

internal sealed class ImportTradesHandler(
    ImportReader reader,
    ImportedTrades imported,
    TradeHistory history,
    PositionKeeper keeper,
    IPositions positions,
    IWriteDatabase database,
    ICurrentUser user
) : IRequestHandler<ImportTrades, Result<ImportReport>>
{
    public async Task<Result<ImportReport>> Handle(ImportTrades request, CancellationToken cancellationToken)
    {
        var options = request.Body;
        if (await positions.FindPortfolioAsync(options.PortfolioId!.Value, cancellationToken) is not { } portfolio)
        {
            return TradeErrors.NoPortfolio;
        }

        var importId = Uuid.New();
        var read = await reader.ReadAsync(request, portfolio, importId, cancellationToken);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        var coinIds = read
            .Value.Candidates.SelectMany(candidate => candidate.Trade.Movements)
            .Select(movement => movement.CoinId)
            .Distinct()
            .ToArray();
        await positions.LockAsync(portfolio.Id, coinIds, cancellationToken);
        var sorted = await SortAsync(portfolio, read.Value, options.RejectsOversell, coinIds, cancellationToken);
        if (options.IsStrict && sorted.Rejected.Count > 0)
        {
            return sorted.Refusal;
        }

        if (options.DryRun == true)
        {
            return sorted.Report(importId: null) with { Rows = sorted.Rows };
        }

        await KeepAsync(importId, request, read.Value, sorted, cancellationToken);
        var trades = sorted.Fresh.Select(candidate => candidate.Trade).ToArray();
        var inserted = await imported.InsertAsync(trades, cancellationToken);
        if (!inserted.IsSuccess)
        {
            return inserted.Error;
        }

        await history.KeepAsync(TradeChange.Created, trades.Select(trade => trade.Id), cancellationToken);
        var settled = await keeper.ReplayAsync(
            portfolio,
            [.. trades.SelectMany(trade => trade.Movements).Select(movement => movement.CoinId).Distinct()],
            (_, _) => null,
            cancellationToken
        );
        return settled.IsSuccess ? sorted.Report(importId) : settled.Error;
    }

    /// <summary>Tells the new trades from those that are here already and, where asked to, from those that sell what is not held.</summary>
    private async Task<SortedImport> SortAsync(
        PortfolioTerms portfolio,
        ReadImport read,
        bool rejectsOversell,
        string[] coinIds,
        CancellationToken cancellationToken
    )
    {
        var known = await imported.KnownAsync(
            portfolio.Id,
            [.. read.Candidates.Select(candidate => candidate.Trade)],
            cancellationToken
        );
        var sorted = SortedImport.Of(read, known);
        if (!rejectsOversell)
        {
            return sorted;
        }

        var ledgers = await keeper.LedgersAsync(portfolio, coinIds, cancellationToken);
        return sorted.Rejecting(
            sorted
                .Fresh.SelectMany(candidate => candidate.Trade.Movements)
                .GroupBy(movement => movement.CoinId)
                .SelectMany(added => PositionReplay.Unaffordable(ledgers[added.Key], [.. added]))
                .ToHashSet()
        );
    }

    private async Task KeepAsync(
        Guid importId,
        ImportTrades request,
        ReadImport read,
        SortedImport sorted,
        CancellationToken cancellationToken
    )
    {
        request.Content.Position = 0;
        await database.ExecuteAsync(
            """
            insert into trading.trade_imports
                (id, user_id, portfolio_id, format, file_name, file_hash, mode, imported, duplicates, rejected, skipped)
            values (@importId, @userId, @portfolioId, @format, @fileName, @fileHash, @mode, @imported, @duplicates, @rejected, @skipped)
            """,
            new
            {
                importId,
                userId = user.Id,
                portfolioId = request.Body.PortfolioId,
                format = WireName.Of(read.Format),
                fileName = request.Body.FileName,
                fileHash = await SHA256.HashDataAsync(request.Content, cancellationToken),
                mode = WireName.Of(request.Body.IsStrict ? ImportMode.Strict : ImportMode.Lenient),
                imported = sorted.Fresh.Count,
                duplicates = sorted.Duplicates.Count,
                rejected = sorted.Rejected.Count,
                skipped = read.Skipped.Count,
            },
            cancellationToken
        );
    }
}
