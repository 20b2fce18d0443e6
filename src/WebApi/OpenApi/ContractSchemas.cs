using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Validation;
using CryptoBeacon.Domain.Values;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CryptoBeacon.WebApi.OpenApi;

/// <summary>
/// Types as the contract's JSON has them. Our converters hide from the generator what they write, so it is said here: a decimal is a string, a time
/// is RFC 3339, an enum is its snake_case names.
/// </summary>
internal static class ContractSchemas
{
    public const string DecimalFormat = "decimal";
    private const string DecimalPattern = "^-?[0-9]+(\\.[0-9]+)?$";

    public static async Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        DescribeType(schema, context);
        if (schema.Type?.HasFlag(JsonSchemaType.Array) == true && context.JsonTypeInfo.ElementType is { } element)
        {
            // The generator leaves out entries of a type that a converter of ours reads.
            schema.Items ??= await context.GetOrCreateSchemaAsync(element, null, cancellationToken);
        }

        DescribeLimits(schema, context, context.ApplicationServices.GetRequiredService<RequestLimits>());
    }

    private static void DescribeType(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = context.JsonTypeInfo.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var isNullable =
            plain != type
            || (
                context.JsonPropertyInfo is { } property && !property.PropertyType.IsValueType && property.IsGetNullable
            )
            || schema.Type?.HasFlag(JsonSchemaType.Null) == true;

        if (plain == typeof(decimal))
        {
            Become(schema, isNullable, DecimalFormat, DecimalPattern);
            schema.Description ??=
                $"Plain notation, at most {Exact.MaxSignificantDigits} significant digits and {Exact.MaxDecimals} decimals.";
        }
        else if (plain == typeof(DateTimeOffset))
        {
            Become(schema, isNullable, "date-time");
        }
        else if (plain == typeof(TimeSpan))
        {
            Become(schema, isNullable, "duration", Duration.Pattern);
        }
        else if (plain == typeof(DateOnly))
        {
            Become(schema, isNullable, "date");
        }
        else if (plain == typeof(Guid))
        {
            Become(schema, isNullable, "uuid");
        }
        else if (plain == typeof(string))
        {
            Become(schema, isNullable, schema.Format);
        }
        else if (plain.IsEnum)
        {
            // A component that all uses share; where it may be absent, the property says so beside the reference.
            Become(schema, isNullable: false);
            schema.Enum =
            [
                .. Enum.GetNames(plain).Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name)),
            ];
        }
        else if (plain == typeof(JsonObject))
        {
            schema.Type = JsonSchemaType.Object;
        }
    }

    private static void DescribeLimits(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        RequestLimits limits
    )
    {
        foreach (var (name, property) in PropertiesOf(context.JsonTypeInfo))
        {
            if (limits.IsRequired(property))
            {
                (schema.Required ??= new HashSet<string>()).Add(name);
            }
        }

        if (context.JsonPropertyInfo?.AttributeProvider is PropertyInfo described)
        {
            foreach (var limit in limits.Of(described))
            {
                Apply(schema, limit);
            }

            schema.Default ??= RequestLimits.DefaultOf(described);
        }
    }

    private static IEnumerable<(string Name, PropertyInfo Property)> PropertiesOf(JsonTypeInfo type) =>
        from property in type.Properties
        let member = property.AttributeProvider as PropertyInfo
        where member is not null
        select (property.Name, member);

    private static void Apply(OpenApiSchema schema, Limit limit)
    {
        if (limit.IsRequired)
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        schema.MinLength = limit.MinLength ?? schema.MinLength;
        schema.MaxLength = limit.MaxLength ?? schema.MaxLength;
        schema.Pattern = limit.Pattern ?? schema.Pattern;
        schema.MinItems = limit.MinItems ?? schema.MinItems;
        schema.MaxItems = limit.MaxItems ?? schema.MaxItems;
        schema.Enum = limit.OneOf is { } names ? [.. names.Select(name => (JsonNode)name)] : schema.Enum;
        if (limit.Items is { } entry && schema.Items is OpenApiSchema items)
        {
            Apply(items, entry);
        }
    }

    private static void Become(OpenApiSchema schema, bool isNullable, string? format = null, string? pattern = null)
    {
        schema.Type = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        schema.Format = format;
        schema.Pattern = pattern;
        schema.Minimum = schema.Maximum = null;
    }
}
