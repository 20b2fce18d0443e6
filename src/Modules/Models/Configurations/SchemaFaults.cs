using System.Globalization;
using System.Text.RegularExpressions;
using CryptoBeacon.Models.Domain.Strategies;
using NJsonSchema;
using NJsonSchema.Validation;

namespace CryptoBeacon.Models.Configurations;

/// <summary>What a schema's validator finds, as JSON pointers with words for people.</summary>
internal static partial class SchemaFaults
{
    public static IEnumerable<ConfigurationError> Of(JsonSchema schema, string json) =>
        schema
            .Validate(json)
            .SelectMany(Flatten)
            .Select(fault => new ConfigurationError(Pointer(fault), Message(fault)));

    /// <summary>What several schemas refused says most in its parts.</summary>
    private static IEnumerable<ValidationError> Flatten(ValidationError fault) =>
        fault is ChildSchemaValidationError { Errors: { } parts } && parts.Values.SelectMany(p => p).Any()
            ? parts.Values.SelectMany(part => part).SelectMany(Flatten)
            : [fault];

    /// <summary><c>#/entry.all[0].gt[1]</c> → <c>/entry/all/0/gt/1</c>; a property that should not be there may have any name.</summary>
    private static string Pointer(ValidationError fault)
    {
        var path = (fault.Path ?? "").TrimStart('#').TrimStart('/');
        var last =
            fault.Kind == ValidationErrorKind.NoAdditionalPropertiesAllowed
            && fault.Property is { } name
            && path.EndsWith(name, StringComparison.Ordinal)
                ? name
                : "";
        var before = path[..^last.Length].TrimEnd('.');
        return string.Concat(
            before.Length == 0 ? "" : "/" + Index().Replace(before, "/$1").Replace('.', '/').TrimStart('/'),
            last.Length == 0 ? "" : "/" + JsonPointer.Escape(last)
        );
    }

    private static string Message(ValidationError fault)
    {
        var schema = fault.Schema.ActualSchema;
        return fault.Kind switch
        {
            ValidationErrorKind.PropertyRequired => "is required",
            ValidationErrorKind.NoAdditionalPropertiesAllowed => "is not a property of this strategy",
            ValidationErrorKind.NotInEnumeration =>
                $"must be one of {string.Join(", ", schema.Enumeration.Select(choice => choice?.ToString()))}",
            ValidationErrorKind.TooManyProperties => $"must have {schema.MaxProperties} member",
            ValidationErrorKind.TooFewProperties => $"must have at least {schema.MinProperties} member",
            ValidationErrorKind.TooFewItems or ValidationErrorKind.TooManyItems => Items(schema),
            _ => Value(schema),
        };
    }

    private static string Items(JsonSchema schema) =>
        schema.MinItems == schema.MaxItems ? $"must have {schema.MinItems} entries"
        : schema.MaxItems > 0 ? $"must have {schema.MinItems} to {schema.MaxItems} entries"
        : $"must have at least {schema.MinItems} entries";

    private static string Value(JsonSchema schema)
    {
        var type = schema.Type switch
        {
            var t when t.HasFlag(JsonObjectType.Integer) => "an integer",
            var t when t.HasFlag(JsonObjectType.Number) && schema.Pattern is null => "a number or an expression",
            var t when t.HasFlag(JsonObjectType.Number) => "a number",
            var t when t.HasFlag(JsonObjectType.Boolean) => "true or false",
            var t when t.HasFlag(JsonObjectType.Array) => "a list",
            var t when t.HasFlag(JsonObjectType.Object) => "an object",
            _ => "a text",
        };
        return string.Concat(
            $"must be {type}",
            schema.ExclusiveMinimum is { } above ? $" greater than {Text(above)}" : "",
            schema.Minimum is { } least ? $" of at least {Text(least)}" : "",
            schema.Maximum is { } most
                ? $"{((schema.Minimum ?? schema.ExclusiveMinimum) is null ? "" : " and")} at most {Text(most)}"
                : ""
        );
    }

    private static string Text(decimal? number) => number!.Value.ToString("0.##########", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[(\d+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Index();
}
