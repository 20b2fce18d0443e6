using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Contracts.Trading;

/// <summary>Takes the fills of an exchange's account into the ledger. All of the current user alone, inside the caller's transaction.</summary>
public interface IFillImports
{
    /// <summary>
    /// Books them as part of one import, which can be undone as a whole; those that the portfolio has already, by whatever import, are duplicates, and what
    /// sells more than is held is recorded. Refused with 404 <c>not_found</c> where the portfolio is gone or the import has been undone.
    /// </summary>
    Task<Result<FillReceipt>> RecordAsync(FillBatch batch, CancellationToken cancellationToken);

    /// <summary>Whether none of these imports has been undone.</summary>
    Task<bool> StandAsync(IReadOnlyCollection<Guid> importIds, CancellationToken cancellationToken);
}

/// <param name="ImportId">Made by the caller.</param>
/// <param name="IsContinued">Whether fills of this import have been imported before.</param>
/// <param name="Exchange">Lower-case, such as <c>kraken</c>: together with a fill's id it is what the fill is known by.</param>
public sealed record FillBatch(
    Guid ImportId,
    bool IsContinued,
    Guid PortfolioId,
    string Exchange,
    IReadOnlyList<ExternalFill> Fills
);

/// <summary>An execution as an exchange tells it, assets by their symbols.</summary>
/// <param name="Asset">What was bought or sold, such as <c>BTC</c>.</param>
/// <param name="Currency">What it was paid in: money, or the symbol of another coin, which makes it a swap.</param>
/// <param name="Quantity">Of the asset, more than 0, fee left out.</param>
/// <param name="Total">Paid or received in <paramref name="Currency"/>, fee left out; null: quantity × price.</param>
/// <param name="Fee">In <paramref name="FeeCurrency"/>, whatever that is; negative: a rebate.</param>
public sealed record ExternalFill(
    string ExternalId,
    DateTimeOffset At,
    bool IsBuy,
    string Asset,
    string Currency,
    decimal Quantity,
    decimal Price,
    decimal? Total,
    decimal Fee,
    string FeeCurrency
);

/// <param name="Imported">How many trades; a swap of two coins is two.</param>
/// <param name="Skipped">How many fills move money alone, of which the ledger keeps no holdings.</param>
public sealed record FillReceipt(int Imported, int Duplicates, int Skipped, IReadOnlyList<RejectedFill> Rejected);

/// <param name="Error">Why it can't be booked, such as a symbol that no coin of the catalogue has.</param>
public sealed record RejectedFill(string ExternalId, string Error);
