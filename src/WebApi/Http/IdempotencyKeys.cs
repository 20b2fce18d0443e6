using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;
using CryptoBeacon.Infrastructure.Persistence;

namespace CryptoBeacon.WebApi.Http;

/// <summary>Reads <c>Idempotency-Key</c> where an endpoint honours it, and marks answers that were given before.</summary>
internal sealed class IdempotencyKeys(RequestDelegate next)
{
    private const string Header = "Idempotency-Key";
    private const int MaxLength = 255;

    public async Task InvokeAsync(HttpContext context, Idempotency idempotency)
    {
        var key = context.Request.Headers[Header].ToString();
        if (
            context.Request.Headers[Header].Count == 0
            || context.GetEndpoint()?.Metadata.GetMetadata<IdempotentMetadata>() is null
        )
        {
            await next(context);
            return;
        }

        if (key.Length is 0 or > MaxLength || key.Any(c => c is < ' ' or > '~'))
        {
            await Problems.WriteAsync(
                context,
                Error.Invalid(Header, $"must have 1 to {MaxLength} printable ASCII characters")
            );
            return;
        }

        idempotency.Use(key, await HashAsync(context));
        context.Response.OnStarting(() =>
        {
            if (idempotency.Replayed)
            {
                context.Response.Headers["Idempotency-Replayed"] = "true";
            }

            return Task.CompletedTask;
        });
        await next(context);
    }

    /// <summary>SHA-256 over method, path with query, and body.</summary>
    private static async Task<byte[]> HashAsync(HttpContext context)
    {
        var request = context.Request;
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(await SHA256.HashDataAsync(request.Body, context.RequestAborted));
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
