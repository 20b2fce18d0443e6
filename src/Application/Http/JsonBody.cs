using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CryptoBeacon.Application.Http;

/// <summary>A <see cref="MergePatch"/> as an endpoint's body. <typeparamref name="TState"/> is the writable state that it patches, for the docs.</summary>
public sealed class PatchBody<TState> : IEndpointParameterMetadataProvider
    where TState : class
{
    private PatchBody(MergePatch patch) => Patch = patch;

    public MergePatch Patch { get; }

    public static async ValueTask<PatchBody<TState>> BindAsync(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim();
        if (type is not ("application/json" or "application/merge-patch+json"))
        {
            throw new BadHttpRequestException(
                "A merge patch is application/merge-patch+json.",
                StatusCodes.Status415UnsupportedMediaType
            );
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);

        // Read as the state first: what is wrong in a change is told as it would be at creation.
        await ReadAsync<TState>(body, context.RequestAborted);
        return await ReadAsync<JsonNode>(body, context.RequestAborted) is JsonObject changes
            ? new PatchBody<TState>(new MergePatch(changes))
            : throw new JsonException("must be a JSON object");
    }

    private static ValueTask<T?> ReadAsync<T>(MemoryStream body, CancellationToken cancellationToken)
    {
        body.Position = 0;
        return JsonSerializer.DeserializeAsync<T>(body, BeaconJson.Options, cancellationToken);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/merge-patch+json", "application/json"], typeof(TState)));
}
