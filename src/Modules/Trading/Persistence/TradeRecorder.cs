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
            var coinIds = inputs
                .Where(input => input.PortfolioId == id)
                .Select(input => input.CoinId!)
                .Distinct()
                .ToArray();
            await positions.LockAsync(id, coinIds, cancellationToken);
        }

        var coins = await feeCoins.OfAsync(inputs.Select(input => input.FeeCurrency), cancellationToken);
        var recorded = new List<Trade>(inputs.Count);
        for (var i = 0; i < inputs.Count; i++)
        {
            var terms = TradeTerms.Settle(
                inputs[i],
                portfolios[inputs[i].PortfolioId!.Value].Currency,
                coins,
                clock.UtcNow()
            );
            if (!terms.IsSuccess)
            {
                return Error.Invalid(
                    terms.Error.Fields.ToDictionary(error => field(i, error.Key), error => error.Value)
                );
            }

            recorded.Add(Trade.Record(user.Id, terms.Value));
        }

        if (await StoreAsync(recorded, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await history.KeepAsync(TradeChange.Created, recorded.Select(trade => trade.Id), cancellationToken);
        foreach (var (id, portfolio) in portfolios)
        {
            var added = recorded.Where(trade => trade.PortfolioId == id).Select(trade => trade.Movement).ToArray();
            var settled = await keeper.SettleAsync(portfolio, LedgerChange.Adding(added), cancellationToken);
            if (!settled.IsSuccess)
            {
                return settled.Error;
            }
        }

        return recorded;
    }

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
