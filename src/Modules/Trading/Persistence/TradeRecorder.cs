using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>Enters trades into the ledger, all or none, and lets their positions follow.</summary>
internal sealed class TradeRecorder(
    IRepository<Trade> trades,
    IPositions positions,
    PositionKeeper keeper,
    TradeHistory history,
    FeeCoins feeCoins,
    Appraiser appraiser,
    LinkedTrades linked,
    ICurrentUser user,
    TimeProvider clock
)
{
    /// <param name="inputs">Validated.</param>
    /// <param name="field">How the client names a field of the n-th input.</param>
    public async Task<Result<IReadOnlyList<Trade>>> RecordAsync(
        IReadOnlyList<TradeInput> inputs,
        Func<int, string, string> field,
        CancellationToken cancellationToken
    )
    {
        var portfolios = new Dictionary<Guid, PortfolioTerms>();
        // In a fixed order, since their positions are locked in it.
        foreach (var id in inputs.Select(input => input.PortfolioId!.Value).Distinct().Order())
        {
            if (await positions.FindPortfolioAsync(id, cancellationToken) is not { } portfolio)
            {
                return TradeErrors.NoPortfolio;
            }

            portfolios.Add(id, portfolio);
        }

        var terms = await SettleAsync(inputs, portfolios, field, cancellationToken);
        if (!terms.IsSuccess)
        {
            return terms.Error;
        }

        var recorded = terms.Value.Select(settled => Trade.Record(user.Id, settled)).ToArray();
        foreach (var id in portfolios.Keys)
        {
            await positions.LockAsync(id, Changed(recorded, id).CoinIds, cancellationToken);
        }

        if (await StoreAsync(recorded, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await history.KeepAsync(TradeChange.Created, recorded.Select(trade => trade.Id), cancellationToken);
        var settled = await keeper.SettleAsync(
            [.. portfolios.Values.Select(portfolio => (portfolio, Changed(recorded, portfolio.Id)))],
            cancellationToken
        );
        return settled.IsSuccess ? recorded : settled.Error;
    }

    private async Task<Result<IReadOnlyList<TradeTerms>>> SettleAsync(
        IReadOnlyList<TradeInput> inputs,
        Dictionary<Guid, PortfolioTerms> portfolios,
        Func<int, string, string> field,
        CancellationToken cancellationToken
    )
    {
        var coins = await feeCoins.OfAsync(inputs.Select(input => input.FeeCurrency), cancellationToken);
        var now = clock.UtcNow();
        var settled = inputs
            .Select(input => TradeTerms.Settle(input, portfolios[input.PortfolioId!.Value].Currency, coins, now))
            .ToArray();
        if (FirstRefusal(settled) is { } unsettled)
        {
            return unsettled;
        }

        var all = settled.Select(terms => terms.Value).ToArray();
        var linkIds = all.Select(terms => terms.LinkId).ToArray();
        await linked.LockAsync(linkIds, cancellationToken);
        var legs = await linked.FindAsync(linkIds, except: null, cancellationToken);
        var links = new Links(all.Concat(legs));
        var tied = all.Select(terms =>
            links.ObjectionTo(terms) is { } objection ? objection : (Result<TradeTerms>)terms
        );
        if (FirstRefusal([.. tied]) is { } untied)
        {
            return untied;
        }

        var appraised = await appraiser.AppraiseAsync(all, legs, cancellationToken);
        return FirstRefusal(appraised) is { } unknown ? unknown : appraised.Select(terms => terms.Value).ToArray();

        Error? FirstRefusal(IReadOnlyList<Result<TradeTerms>> results) =>
            results
                .Select((result, i) => result.IsSuccess ? null : Named(result.Error, i))
                .FirstOrDefault(error => error is not null);

        Error Named(Error error, int i) =>
            Error.Invalid(error.Fields.ToDictionary(named => field(i, named.Key), named => named.Value));
    }

    private static LedgerChange Changed(IEnumerable<Trade> recorded, Guid portfolioId) =>
        LedgerChange.Adding([
            .. recorded.Where(trade => trade.PortfolioId == portfolioId).SelectMany(trade => trade.Movements),
        ]);

    private async Task<Error?> StoreAsync(IEnumerable<Trade> recorded, CancellationToken cancellationToken)
    {
        try
        {
            await trades.AddRangeAsync(recorded, cancellationToken);
            return null;
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { ConstraintName: TradeConfiguration.ExternalIdentity })
        {
            return TradeErrors.Duplicate;
        }
    }
}
