using System.Text.Json;
using System.Text.Json.Nodes;
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

    public static Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
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

        return Task.CompletedTask;
    }

    private static void Become(OpenApiSchema schema, bool isNullable, string? format = null, string? pattern = null)
    {
        schema.Type = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        schema.Format = format;
        schema.Pattern = pattern;
        schema.Minimum = schema.Maximum = null;
    }
}
