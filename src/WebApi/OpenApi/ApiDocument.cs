using System.Security.Cryptography;
using FluentValidation;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace CryptoBeacon.WebApi.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document. All of it follows from the endpoints, their metadata and the types of their bodies; nothing is written by hand for
/// one of them.
/// </summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";
    private const string Name = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) =>
        services
            .AddSingleton<SerializedDocument>()
            .AddSingleton(provider => new RequestLimits(
                AssemblyScanner
                    .FindValidatorsInAssemblies(
                        Modules.All.Select(module => module.GetType().Assembly),
                        includeInternalTypes: true
                    )
                    .Select(found => (IValidator)provider.GetRequiredService(found.InterfaceType))
            ))
            .AddOpenApi(
                Name,
                options =>
                {
                    options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                    options.AddSchemaTransformer(ContractSchemas.TransformAsync);
                    options.AddOperationTransformer(ContractOperations.TransformAsync);
                    options.AddDocumentTransformer(ContractDocument.TransformAsync);
                }
            );

    public static void MapApiDocument(this IEndpointRouteBuilder app) =>
        app.MapGet(
                Path,
                async (HttpContext context, SerializedDocument document) =>
                {
                    var (json, tag) = await document.GetAsync();
                    context.Response.Headers.CacheControl = "no-cache";
                    return Results.Bytes(json, "application/json", entityTag: tag);
                }
            )
            .AllowAnonymous()
            .ExcludeFromDescription();

    /// <summary>Made once: endpoints do not change while the server runs.</summary>
    internal sealed class SerializedDocument([FromKeyedServices(Name)] IOpenApiDocumentProvider documents)
    {
        private readonly Lazy<Task<(byte[] Json, EntityTagHeaderValue Tag)>> _document = new(() =>
            SerializeAsync(documents)
        );

        public Task<(byte[] Json, EntityTagHeaderValue Tag)> GetAsync() => _document.Value;

        private static async Task<(byte[], EntityTagHeaderValue)> SerializeAsync(IOpenApiDocumentProvider documents)
        {
            var document = await documents.GetOpenApiDocumentAsync();
            using var buffer = new MemoryStream();
            await document.SerializeAsJsonAsync(buffer, OpenApiSpecVersion.OpenApi3_1);
            var json = buffer.ToArray();
            return (json, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..16]}\""));
        }
    }
}
