using System.Text.Json;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using CryptoBeacon.Infrastructure.Security;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>
/// The scope's idempotency key, set by the request's middleware. What is kept is the command's answer, from which the endpoint makes status, location
/// and ETag as it did the first time.
/// </summary>
public sealed class Idempotency(IReadDatabase reads, IWriteDatabase writes, CurrentUser user) : IIdempotency
{
    private (string Key, byte[] RequestHash)? _request;

    /// <summary>Whether the answer was given before.</summary>
    public bool Replayed { get; private set; }

    public void Use(string key, byte[] requestHash) => _request = (key, requestHash);

    public async Task<Replay<TResponse>?> ClaimAsync<TResponse>(CancellationToken cancellationToken)
        where TResponse : IOutcome<TResponse>
    {
        if (_request is not { } request)
        {
            return null;
        }

        var stored = await reads.QueryMultipleAsync(
            // Whoever comes second with the key waits for the first one's commit, which the next statement then sees.
            """
            select true from pg_advisory_xact_lock(hashtextextended('idempotency:' || @userId || ':' || @key, 0));

            select request_hash, body
            from platform.idempotency_keys
            where user_id = @userId and key = @key and expires_at > now()
            """,
            new { userId = user.Id, key = request.Key },
            async results =>
            {
                await results.ReadAsync<bool>();
                return await results.ReadSingleOrDefaultAsync<StoredAnswer>();
            },
            cancellationToken
        );
        if (stored is null)
        {
            return null;
        }

        if (!stored.RequestHash.AsSpan().SequenceEqual(request.RequestHash))
        {
            return new Replay<TResponse>(
                TResponse.Failure(
                    new Error(
                        ErrorKind.Unprocessable,
                        "idempotency_key_reused",
                        "This Idempotency-Key was used for another request within the last 24 hours."
                    )
                )
            );
        }

        Replayed = true;
        var payload = TResponse.PayloadType is { } type
            ? JsonSerializer.Deserialize(stored.Body, type, BeaconJson.Storage)
            : null;
        return new Replay<TResponse>(TResponse.Success(payload));
    }

    public async Task RecordAsync<TResponse>(TResponse response, CancellationToken cancellationToken)
        where TResponse : IOutcome<TResponse>
    {
        if (_request is not { } request)
        {
            return;
        }

        var body = TResponse.PayloadType is { } type
            ? JsonSerializer.SerializeToUtf8Bytes(response.Payload, type, BeaconJson.Storage)
            : "null"u8.ToArray();
        await writes.ExecuteAsync(
            """
            insert into platform.idempotency_keys (user_id, key, request_hash, body)
            values (@userId, @key, @requestHash, @body)
            on conflict (user_id, key) do update
            set request_hash = excluded.request_hash, body = excluded.body, created_at = excluded.created_at, expires_at = excluded.expires_at
            """,
            new
            {
                userId = user.Id,
                key = request.Key,
                requestHash = request.RequestHash,
                body,
            },
            cancellationToken
        );
    }

    private sealed record StoredAnswer
    {
        public required byte[] RequestHash { get; init; }

        public required byte[] Body { get; init; }
    }
}
