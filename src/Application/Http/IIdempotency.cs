using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Http;

/// <summary>
/// The request's <c>Idempotency-Key</c>, when it has one: the first success is kept for 24 h in the transaction of the command, and given again
/// to whoever asks the same with the same key.
/// </summary>
public interface IIdempotency
{
    /// <summary>
    /// Takes the key for this transaction; a second request with the same key waits here until the first has ended. Not null: the answer
    /// of the first, or a 422 where it asked for something else.
    /// </summary>
    Task<Replay<TResponse>?> ClaimAsync<TResponse>(CancellationToken cancellationToken)
        where TResponse : IOutcome<TResponse>;

    Task RecordAsync<TResponse>(TResponse response, CancellationToken cancellationToken)
        where TResponse : IOutcome<TResponse>;
}

/// <summary>An answer that was given before.</summary>
public sealed record Replay<TResponse>(TResponse Answer);
