using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CryptoBeacon.WebApi.OpenApi;

/// <summary>Examples of bodies, made from their schemas; what a property is called tells what a plausible value is.</summary>
internal sealed class Samples
{
    private const int MaxDepth = 8;

    private static readonly Dictionary<string, JsonNode> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["coinId"] = "bitcoin",
        ["coinIds"] = "bitcoin",
        ["symbol"] = "BTC",
        ["currency"] = "USD",
        ["feeCurrency"] = "USD",
        ["quantity"] = "0.25",
        ["price"] = "64250.5",
        ["totalValue"] = "16062.625",
        ["fee"] = "4.02",
        ["email"] = "ada@example.com",
        ["address"] = "ada@example.com",
        ["password"] = "correct horse battery staple",
        ["currentPassword"] = "correct horse battery staple",
        ["newPassword"] = "an even longer horse battery staple",
        ["displayName"] = "Ada",
        ["name"] = "Main",
        ["exchange"] = "kraken",
        ["code"] = "492039",
        ["tokenType"] = "Bearer",
        ["expiresIn"] = 600,
        ["url"] = "https://example.com/hook",
        ["baseUrl"] = "https://api.example.com",
        ["docsUrl"] = "https://docs.example.com",
        ["apiKey"] = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv",
        ["apiSecret"] = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP",
        ["apiKeyMasked"] = "****E2zv",
        ["permissions"] = "read",
        ["costBasisMethod"] = "fifo",
        ["interval"] = "1h",
        ["provider"] = "simulated",
        ["tags"] = "swing",
        ["notificationChannels"] = "app",
        ["nextCursor"] = "eyJhdCI6IjIwMjYtMDEtMzEifQ",
        ["ipAddress"] = "192.0.2.10",
        ["phoneNumber"] = "+15550100",
        ["timeZone"] = "Europe/Berlin",
        ["condition"] = "above",
        ["configuration"] = new JsonObject
        {
            ["strategy"] = "sma_cross",
            ["fast"] = 10,
            ["slow"] = 30,
        },
        ["grid"] = new JsonObject { ["fast"] = new JsonArray(5, 10, 20) },
        ["metric"] = "sharpe",
    };

    private readonly OpenApiDocument _document;

    private Samples(OpenApiDocument document) => _document = document;

    public static void AddTo(OpenApiDocument document)
    {
        var samples = new Samples(document);
        foreach (var operation in document.Operations())
        {
            samples.AddTo(operation.RequestBody?.Content);
            foreach (var answer in operation.Responses?.Values.OfType<OpenApiResponse>() ?? [])
            {
                samples.AddTo(answer.Content);
            }
        }
    }

    private void AddTo(IDictionary<string, OpenApiMediaType>? content)
    {
        foreach (var (type, media) in content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (media is { Example: null, Schema: { } schema } && type.EndsWith("json", StringComparison.Ordinal))
            {
                media.Example = Of(schema, "", 0);
            }
        }
    }

    private JsonNode? Of(IOpenApiSchema schema, string name, int depth)
    {
        if (schema is OpenApiSchemaReference reference)
        {
            return _document.Components?.Schemas?.TryGetValue(reference.Reference.Id!, out var target) == true
                ? Of(target, name, depth)
                : null;
        }

        if (depth > MaxDepth)
        {
            return null;
        }

        if (schema.Properties is { Count: > 0 } properties)
        {
            return new JsonObject(
                properties.Select(property =>
                    KeyValuePair.Create(property.Key, Of(property.Value, property.Key, depth + 1))
                )
            );
        }

        if (
            schema.OneOf?.Concat(schema.AnyOf ?? []).FirstOrDefault(choice => choice.Type != JsonSchemaType.Null) is
            { } choice
        )
        {
            return Of(choice, name, depth + 1);
        }

        var type = schema.Type ?? JsonSchemaType.Null;
        if (type.HasFlag(JsonSchemaType.Array))
        {
            return schema.Items is { } items && Of(items, name, depth + 1) is { } item
                ? new JsonArray(item)
                : new JsonArray();
        }

        if (schema.Enum?.FirstOrDefault() is { } member)
        {
            return member.DeepClone();
        }

        if (ByName.TryGetValue(name, out var known) && Fits(known, type))
        {
            return known.DeepClone();
        }

        return type switch
        {
            _ when schema.Format == ContractSchemas.DecimalFormat => "12.5",
            _ when schema.Format == "date-time" => "2026-01-31T12:00:00Z",
            _ when schema.Format == "date" => "2026-01-31",
            _ when schema.Format == "duration" => "PT1M",
            _ when schema.Format == "uuid" => "019c14e8-5a00-7000-8000-7d3c5b1f9a42",
            _ when type.HasFlag(JsonSchemaType.String) => "text",
            _ when type.HasFlag(JsonSchemaType.Integer) => 1,
            _ when type.HasFlag(JsonSchemaType.Number) => 1.5,
            _ when type.HasFlag(JsonSchemaType.Boolean) => true,
            _ when schema.AdditionalProperties is { } values => new JsonObject { ["name"] = Of(values, "", depth + 1) },
            _ when type.HasFlag(JsonSchemaType.Object) => new JsonObject(),
            _ => null,
        };
    }

    private static bool Fits(JsonNode value, JsonSchemaType type) =>
        value switch
        {
            JsonObject => type.HasFlag(JsonSchemaType.Object),
            _ when value.GetValueKind() == System.Text.Json.JsonValueKind.String => type.HasFlag(JsonSchemaType.String),
            _ => type.HasFlag(JsonSchemaType.Integer),
        };
}
