namespace CryptoBeacon.Application.Contracts.ApiIntegration;

/// <summary>
/// Prices as they came in, batch by batch in the order of their commits. For the one evaluator at a time, inside its transaction, as the worker login.
/// </summary>
public interface IPriceBatches
{
    /// <summary>The oldest batch that is not evaluated; null when there is none.</summary>
    Task<PriceBatch?> NextUnevaluatedAsync(CancellationToken cancellationToken);

    /// <param name="alerts">How many alerts were looked at.</param>
    Task MarkEvaluatedAsync(long sequence, int alerts, CancellationToken cancellationToken);

    Task<Backlog> CountUnevaluatedAsync(CancellationToken cancellationToken);
}

/// <param name="Ticks">In the order of their time; without those that were older than the newest price known then.</param>
public sealed record PriceBatch(long Sequence, IReadOnlyList<PriceTick> Ticks);

/// <param name="CoinId">Such as <c>bitcoin</c>.</param>
/// <param name="Currency">What <paramref name="Price"/> is in.</param>
/// <param name="Provider">Who said so: a provider's name, or <c>admin</c>.</param>
public sealed record PriceTick(string CoinId, string Currency, decimal Price, DateTimeOffset AsOf, string Provider);
