using System.Threading.RateLimiting;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>
/// How often one user may have exchanges asked while waiting for the answer: keys that are added, changed and tested, accounts that are reconciled. What
/// an exchange allows is there for all users and the prices together. Counted by each server for itself.
/// </summary>
internal sealed class AccountAsks : IDisposable
{
    private const int AtOnce = 6;
    private static readonly TimeSpan AnotherIn = TimeSpan.FromSeconds(10);

    private readonly PartitionedRateLimiter<Guid> _limiter = PartitionedRateLimiter.Create<Guid, Guid>(user =>
        RateLimitPartition.GetTokenBucketLimiter(
            user,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = AtOnce,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = AnotherIn,
                QueueLimit = 0,
            }
        )
    );

    /// <summary>Null: go ahead; that was one.</summary>
    public Error? RefusalFor(Guid userId)
    {
        using var lease = _limiter.AttemptAcquire(userId);
        return lease.IsAcquired
            ? null
            : new Error(
                ErrorKind.TooManyRequests,
                "rate_limited",
                "Exchanges were asked too often on your behalf; see Retry-After."
            )
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : AnotherIn,
            };
    }

    public void Dispose() => _limiter.Dispose();
}
