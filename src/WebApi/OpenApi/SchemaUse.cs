using Microsoft.OpenApi;

namespace CryptoBeacon.WebApi.OpenApi;

/// <summary>
/// What depends on whether a schema is read or written: requests take a decimal as a string or a number, answers have every property.
/// </summary>
internal sealed class SchemaUse(OpenApiDocument document)
{
    private readonly HashSet<IOpenApiSchema> _inRequests = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<IOpenApiSchema> _inAnswers = new(ReferenceEqualityComparer.Instance);

    public void Apply()
    {
        AllowPartsInPatches();
        foreach (var operation in document.Operations())
        {
            Collect(operation.RequestBody?.Content, _inRequests);
            foreach (var answer in operation.Responses?.Values.OfType<OpenApiResponse>() ?? [])
            {
                Collect(answer.Content, _inAnswers);
            }
        }

        foreach (var schema in _inRequests.OfType<OpenApiSchema>())
        {
            // What may be null need not be sent: the schema's maker takes a record's parameters for required.
            schema.Required = schema.Required?.Where(name => !MayBeNull(schema, name)).ToHashSet();
            foreach (var name in schema.Required ?? new HashSet<string>())
            {
                RuleOutNull(schema.Properties?[name].OneOf);
            }

            if (schema.Format == ContractSchemas.DecimalFormat)
            {
                schema.Type |= JsonSchemaType.Number;
            }
        }

        foreach (
            var schema in _inAnswers.Except(_inRequests, ReferenceEqualityComparer.Instance).OfType<OpenApiSchema>()
        )
        {
            if (schema.Properties is { Count: > 0 } properties)
            {
                schema.Required = properties.Keys.ToHashSet();
            }
        }
    }

    /// <summary>A merge patch gives what it changes and nothing else, of the same properties.</summary>
    private void AllowPartsInPatches()
    {
        var patches =
            from path in document.Paths.Values
            from operation in path.Operations ?? []
            where operation.Key == HttpMethod.Patch
            from media in operation.Value.RequestBody?.Content?.Values ?? []
            select media;
        foreach (var media in patches)
        {
            if (media.Schema is OpenApiSchemaReference { Reference.Id: { } name })
            {
                var patch = (OpenApiSchema)document.Components!.Schemas![name].CreateShallowCopy();
                patch.Required = null;
                document.AddComponent($"{name}Patch", patch);
                media.Schema = new OpenApiSchemaReference($"{name}Patch", document);
            }
        }
    }

    /// <summary>A reference to a component that may be absent stands beside a null.</summary>
    private static void RuleOutNull(IList<IOpenApiSchema>? choices)
    {
        if (choices?.FirstOrDefault(choice => choice.Type == JsonSchemaType.Null) is { } none)
        {
            choices.Remove(none);
        }
    }

    private static bool MayBeNull(OpenApiSchema schema, string name) =>
        schema.Properties is { } properties
        && properties.TryGetValue(name, out var property)
        && property.Type?.HasFlag(JsonSchemaType.Null) == true;

    private void Collect(IDictionary<string, OpenApiMediaType>? content, HashSet<IOpenApiSchema> found)
    {
        foreach (var media in content?.Values ?? [])
        {
            Collect(media.Schema, found);
        }
    }

    private void Collect(IOpenApiSchema? schema, HashSet<IOpenApiSchema> found)
    {
        if (schema is OpenApiSchemaReference reference)
        {
            Collect(document.Components?.Schemas?[reference.Reference.Id!], found);
            return;
        }

        if (schema is null || !found.Add(schema))
        {
            return;
        }

        foreach (var part in schema.Parts())
        {
            Collect(part, found);
        }
    }
}

internal static class SchemaParts
{
    /// <summary>The schemas of which this one is made.</summary>
    public static IEnumerable<IOpenApiSchema> Parts(this IOpenApiSchema schema) =>
        new IEnumerable<IOpenApiSchema?>?[]
        {
            schema.Properties?.Values,
            [schema.Items, schema.AdditionalProperties],
            schema.OneOf,
            schema.AnyOf,
            schema.AllOf,
        }
            .SelectMany(parts => parts ?? [])
            .OfType<IOpenApiSchema>();
}
