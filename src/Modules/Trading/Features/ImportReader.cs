using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.Trading.Features;

/// <summary>Reads a file's rows as trades, by the rules that a trade recorded by hand has, one row after the other.</summary>
internal sealed class ImportReader(
    IValidator<TradeInput> validator,
    PortfolioTerms portfolio,
    SymbolTable symbols,
    DateTimeOffset now
)
{
    /// <summary>An answer with more would be of no use to anybody, and would not fit the memory of a small server.</summary>
    public const int MaxListed = 100_000;

    private readonly Booking _booking = new(symbols, portfolio.Id);

    public List<SkippedRow> Skipped { get; } = [];

    public List<RejectedRow> Rejected { get; } = [];

    public bool HasTooManyListed => Math.Max(Skipped.Count, Rejected.Count) > MaxListed;

    /// <summary>Those of a file, as they come; what is no trade is noted beside.</summary>
    public IAsyncEnumerable<StagedTrade> ReadAsync(IAsyncEnumerable<FileRow> rows) =>
        rows.TakeWhile(_ => !HasTooManyListed).SelectMany(Read);

    public void Reject(long line, Error error) => Rejected.Add(new RejectedRow(line, error.Describe()));

    private IEnumerable<StagedTrade> Read(FileRow row)
    {
        switch (row)
        {
            case FileRow.Trade trade:
                return Settle(trade, null, [trade.Input with { PortfolioId = portfolio.Id }]);
            case FileRow.Entry entry:
                return Book(entry);
            case FileRow.Skipped skipped:
                Skipped.Add(new SkippedRow(skipped.Line, skipped.Reason));
                return [];
            case FileRow.Rejected rejected:
                Rejected.Add(new RejectedRow(rejected.Line, rejected.Error));
                return [];
            default:
                throw new NotSupportedException($"There is no reading {row.GetType().Name}.");
        }
    }

    private IEnumerable<StagedTrade> Book(FileRow.Entry entry)
    {
        try
        {
            var booked = _booking.Book(entry.Says);
            if (booked.Count > 0)
            {
                return Settle(entry, entry.OtherLine, booked);
            }

            Skipped.AddRange(
                entry.Lines.Select(line => new SkippedRow(
                    line,
                    "moves money alone, of which the ledger keeps no holdings"
                ))
            );
        }
        catch (UnreadableRowException exception)
        {
            Rejected.AddRange(entry.Lines.Select(line => new RejectedRow(line, exception.Message)));
        }

        return [];
    }

    /// <summary>All trades of a row, or none: no half of a swap stays.</summary>
    private IEnumerable<StagedTrade> Settle(FileRow row, long? otherLine, IReadOnlyList<TradeInput> trades)
    {
        var terms = trades.Select(Settle).ToArray();
        if (terms.FirstOrDefault(settled => !settled.IsSuccess) is not { Error: { } error })
        {
            return StagedTrade.OfRow(row.Line, otherLine, [.. terms.Select(settled => settled.Value)]);
        }

        Rejected.AddRange(row.Lines.Select(line => new RejectedRow(line, error.Describe())));
        return [];
    }

    private Result<TradeTerms> Settle(TradeInput trade)
    {
        var result = validator.Validate(trade);
        return result.IsValid ? TradeTerms.Settle(trade, portfolio.Currency, symbols.Coins, now) : result.ToError();
    }
}
