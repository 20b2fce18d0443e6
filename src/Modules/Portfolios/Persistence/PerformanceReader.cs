using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Persistence;

/// <summary>Reads what a walk needs: first the ledger's steps, then, in sets, the rates that the walk asks for.</summary>
internal sealed class PerformanceReader(IReadDatabase database, ILotLedger ledger)
{
    /// <summary>Before <paramref name="to"/>, in the portfolio's own method.</summary>
    public async Task<IReadOnlyList<LotStep>> StepsAsync(
        Guid portfolioId,
        string currency,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var steps = new List<LotStep>();
        await foreach (var step in ledger.StepsAsync(portfolioId, currency, null, to, cancellationToken))
        {
            if (step.At < to)
            {
                steps.Add(step);
            }
        }

        // What stays unfilled comes last, and belongs to the time of its sale.
        return [.. steps.OrderBy(step => step.At)];
    }

    public async Task<(Performance Performance, Rates Rates)> WalkAsync(
        IReadOnlyList<LotStep> steps,
        DateTimeOffset from,
        DateTimeOffset to,
        IReadOnlyList<DateTimeOffset> grid,
        string currency,
        CancellationToken cancellationToken,
        bool isIndexed = true
    )
    {
        var questions = new RateQuestions();
        new Performance(from, to, questions).Walk(steps, grid, isIndexed);
        var rates = await Rates.ReadAsync(database, currency, questions, cancellationToken);
        var performance = new Performance(from, to, rates);
        performance.Walk(steps, grid, isIndexed);
        return (performance, rates);
    }
}
