using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Persistence;
using CsvHelper;

namespace CryptoBeacon.Trading.Features;

/// <summary>Reads a file's rows as trades, by the rules that a trade recorded by hand has.</summary>
internal sealed class ImportReader(
    IValidator<TradeInput> validator,
    CoinSymbols coinSymbols,
    Appraiser appraiser,
    ICurrentUser user,
    TimeProvider clock
)
{
    public async Task<Result<ReadImport>> ReadAsync(
        ImportTrades import,
        PortfolioTerms portfolio,
        Guid importId,
        CancellationToken cancellationToken
    )
    {
        var options = import.Body;
        var symbols = await coinSymbols.LoadAsync(options.Symbols, cancellationToken);
        var opened = await TradeFile.OpenAsync(
            import.Content,
            import.Encoding,
            options.Format is null ? ImportFormat.Auto : WireName.Parse<ImportFormat>(options.Format),
            options.FileName,
            symbols,
            cancellationToken
        );
        if (!opened.IsSuccess)
        {
            return opened.Error;
        }

        await using var file = opened.Value;
        var sorting = new Sorting(validator, portfolio, symbols, clock.UtcNow());
        try
        {
            await foreach (var row in file.ReadAsync(cancellationToken))
            {
                sorting.Add(row);
            }
        }
        catch (CsvFormatException exception)
        {
            return TradeFile.NotCsv(exception);
        }

        var appraised = await appraiser.AppraiseAsync(
            [.. sorting.Settled.Select(row => row.Terms)],
            recorded: [],
            cancellationToken
        );
        var rejected = sorting
            .Settled.Zip(appraised)
            .Where(row => !row.Second.IsSuccess)
            .Select(row => new RejectedRow(row.First.Line, Describe(row.Second.Error!)));
        var known = sorting
            .Settled.Zip(appraised)
            .Where(row => row.Second.IsSuccess)
            .Select(row => row.First with { Terms = row.Second.Value });
        return new ReadImport(
            file.Format,
            ImportedFile.ToTrades(user.Id, importId, [.. known]),
            sorting.Skipped,
            [.. sorting.Rejected.Concat(rejected).OrderBy(row => row.Line)]
        );
    }

    /// <summary>What has been read so far.</summary>
    private sealed class Sorting(
        IValidator<TradeInput> validator,
        PortfolioTerms portfolio,
        SymbolTable symbols,
        DateTimeOffset now
    )
    {
        private readonly Booking _booking = new(symbols, portfolio.Id);

        public List<SettledRow> Settled { get; } = [];

        public List<SkippedRow> Skipped { get; } = [];

        public List<RejectedRow> Rejected { get; } = [];

        public void Add(FileRow row)
        {
            switch (row)
            {
                case FileRow.Trade trade:
                    Settle(trade, [new BookedTrade(trade.Input with { PortfolioId = portfolio.Id }, 0)]);
                    break;
                case FileRow.Entry entry:
                    Book(entry);
                    break;
                case FileRow.Skipped skipped:
                    Skipped.Add(new SkippedRow(skipped.Line, skipped.Reason));
                    break;
                case FileRow.Rejected rejected:
                    Rejected.Add(new RejectedRow(rejected.Line, rejected.Error));
                    break;
            }
        }

        private void Book(FileRow.Entry entry)
        {
            try
            {
                var booked = _booking.Book(entry.Says);
                if (booked.Count > 0)
                {
                    Settle(entry, booked);
                }
                else
                {
                    Skipped.AddRange(
                        entry.Lines.Select(line => new SkippedRow(
                            line,
                            "moves money alone, of which the ledger keeps no holdings"
                        ))
                    );
                }
            }
            catch (UnreadableRowException exception)
            {
                Rejected.AddRange(entry.Lines.Select(line => new RejectedRow(line, exception.Message)));
            }
        }

        /// <summary>All trades of a row, or none: no half of a swap stays.</summary>
        private void Settle(FileRow row, IReadOnlyList<BookedTrade> booked)
        {
            var terms = booked.Select(trade => Settle(trade.Input)).ToArray();
            if (terms.FirstOrDefault(settled => !settled.IsSuccess) is { Error: { } error })
            {
                Rejected.AddRange(row.Lines.Select(line => new RejectedRow(line, Describe(error))));
                return;
            }

            Settled.AddRange(
                terms.Zip(booked, (settled, trade) => new SettledRow(row.Line, trade.Leg, booked.Count, settled.Value))
            );
        }

        private Result<TradeTerms> Settle(TradeInput trade)
        {
            var result = validator.Validate(trade);
            return result.IsValid ? TradeTerms.Settle(trade, portfolio.Currency, symbols.Coins, now) : result.ToError();
        }
    }

    private static string Describe(Error error) =>
        string.Join("; ", error.Fields.Select(field => $"{field.Key}: {string.Join(", ", field.Value)}"));
}
