using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Finds what staged trades are worth that don't say so.</summary>
internal sealed class StagedAppraisal(StagedTrades staged, Appraiser appraiser)
{
    private const int AppraisedAtOnce = 10_000;

    /// <summary>Income is worth the market's price then, a leg of a swap what the other is, where the row does not say.</summary>
    public async Task AppraiseAsync(PortfolioTerms portfolio, ImportReader reader, CancellationToken cancellationToken)
    {
        var line = 0L;
        while (await staged.OpenAsync(line, AppraisedAtOnce, cancellationToken) is { Count: > 0 } open)
        {
            var (asked, legs) = (open.Where(row => row.IsAsked).ToArray(), open.Where(row => !row.IsAsked));
            var appraised = await appraiser.AppraiseAsync(
                [.. asked.Select(row => row.ToTerms(portfolio.Id))],
                [.. legs.Select(row => row.ToTerms(portfolio.Id))],
                cancellationToken
            );
            var known = asked.Zip(appraised).ToLookup(row => row.Second.IsSuccess);
            await staged.AppraiseAsync(
                [.. known[true].Select(row => new StagedTrade(row.First.Line, null, 0, null, row.Second.Value))],
                cancellationToken
            );
            await staged.TakeOutAsync([.. known[false].Select(row => row.First.Line)], cancellationToken);
            foreach (var (row, unknown) in known[false])
            {
                reader.Reject(row.Line, unknown.Error!);
            }

            line = asked[^1].Line;
        }
    }
}
