using System.Runtime.CompilerServices;
using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Trading.Domain.Lots;

namespace CryptoBeacon.Trading.Persistence;

internal sealed class LotLedger(LotAccounts accounts) : ILotLedger
{
    public async IAsyncEnumerable<LotStep> StepsAsync(
        Guid portfolioId,
        string? currency,
        string? method,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var scope = await accounts.FindAsync(portfolioId, currency, method, cancellationToken);
        if (!scope.IsSuccess)
        {
            yield break;
        }

        var played = accounts.PlayAsync(scope.Value, scope.Value.NewBook(), coinId: null, until, cancellationToken);
        await foreach (var (entry, moves) in played)
        {
            foreach (var step in LotSteps.Of(entry, moves, portfolioId))
            {
                yield return step;
            }
        }
    }
}
