using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Reads a file's rows as trades, by the rules that a trade recorded by hand has.</summary>
internal sealed class ImportReader(
    IValidator<TradeInput> validator,
    FeeCoins feeCoins,
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
        var file = await TradeFile.ReadAsync(import.Content, import.Encoding, cancellationToken);
        if (!file.IsSuccess)
        {
            return file.Error;
        }

        var coins = await feeCoins.OfAsync(file.Value.Select(row => row.Trade?.FeeCurrency), cancellationToken);
        var now = clock.UtcNow();
        var settled = new List<(long Line, TradeTerms Terms)>();
        var rejected = new List<RejectedRow>();
        foreach (var row in file.Value)
        {
            var terms = row.Trade is { } trade ? Settle(trade with { PortfolioId = portfolio.Id }) : default;
            if (row.Trade is not null && terms.IsSuccess)
            {
                settled.Add((row.Line, terms.Value));
            }
            else
            {
                rejected.Add(new RejectedRow(row.Line, row.Error ?? Describe(terms.Error!)));
            }
        }

        var appraised = await appraiser.AppraiseAsync(
            [.. settled.Select(row => row.Terms)],
            recorded: [],
            cancellationToken
        );
        var known = new List<(long Line, TradeTerms Terms)>();
        foreach (var (row, terms) in settled.Zip(appraised))
        {
            if (terms.IsSuccess)
            {
                known.Add((row.Line, terms.Value));
            }
            else
            {
                rejected.Add(new RejectedRow(row.Line, Describe(terms.Error)));
            }
        }

        return new ReadImport(ImportedFile.ToTrades(user.Id, importId, known), [.. rejected.OrderBy(row => row.Line)]);

        Result<TradeTerms> Settle(TradeInput trade)
        {
            var result = validator.Validate(trade);
            return result.IsValid ? TradeTerms.Settle(trade, portfolio.Currency, coins, now) : result.ToError();
        }
    }

    private static string Describe(Error error) =>
        string.Join("; ", error.Fields.Select(field => $"{field.Key}: {string.Join(", ", field.Value)}"));
}
