using Microsoft.AspNetCore.Builder;

namespace CryptoBeacon.Application.Http;

/// <summary>Marks an endpoint that honours <c>Idempotency-Key</c>.</summary>
public sealed class IdempotentMetadata;

public static class Idempotent
{
    /// <summary>For every POST that creates, but for credentials (whose answers must not be stored) and CSV (which has its own identity).</summary>
    public static TBuilder HonoursIdempotencyKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new IdempotentMetadata());
}
