using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Json;

/// <summary>What System.Text.Json complains of, as an error that names the field and shows nothing of our types.</summary>
public static partial class JsonErrors
{
    /// <summary>The key under which an error of the body as a whole is reported.</summary>
    public const string WholeBody = "body";

    public static Error ToError(JsonException exception)
    {
        var message = exception.Message;
        if (UnknownProperty().Match(message) is { Success: true } unknown)
        {
            return Error.Invalid(Field(exception.Path, unknown.Groups[1].Value), "is not a property of this request");
        }

        if (DuplicateProperty().Match(message) is { Success: true } duplicate)
        {
            var name = duplicate.Groups[1] is { Success: true } group ? group.Value : null;
            return Error.Invalid(Field(exception.Path, name), "is given twice");
        }

        if (MissingProperties().Match(message) is { Success: true } missing)
        {
            var names = missing.Groups[1].Value.Split(", ").Select(name => name.Trim('\''));
            return Error.Invalid(names.ToDictionary(name => Field(exception.Path, name), _ => new[] { "is required" }));
        }

        if (TooDeep().IsMatch(message))
        {
            return Error.Invalid(WholeBody, "is nested more than 64 levels deep");
        }

        return Error.Invalid(Field(exception.Path, null), Explain(exception));
    }

    private static string Explain(JsonException exception)
    {
        // The reader's exceptions are subclasses that .NET keeps to itself.
        if (exception.InnerException is JsonException || exception.GetType() != typeof(JsonException))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"is not well-formed JSON (line {exception.LineNumber + 1 ?? 1}, byte {exception.BytePositionInLine + 1 ?? 1})"
            );
        }

        // Our converters say what they want; what .NET itself throws speaks of .NET types.
        return exception.InnerException is null && exception.Source != typeof(JsonException).Assembly.GetName().Name
            ? exception.Message
            : "has the wrong type or an unknown value";
    }

    /// <summary><c>$.trades[0].price</c> → <c>trades[0].price</c></summary>
    private static string Field(string? path, string? property)
    {
        var field = path is null ? "" : Quoted().Replace(path.TrimStart('$'), ".$1").TrimStart('.');
        if (property is not null && field != property && !field.EndsWith("." + property, StringComparison.Ordinal))
        {
            field = field.Length == 0 ? property : $"{field}.{property}";
        }

        return field.Length == 0 ? WholeBody : field;
    }

    [GeneratedRegex(
        @"^The JSON property '(.+?)' could not be mapped to any \.NET member",
        RegexOptions.CultureInvariant | RegexOptions.Singleline
    )]
    private static partial Regex UnknownProperty();

    [GeneratedRegex(
        @"^Duplicate propert(?:y '(.+?)' encountered|ies not allowed)",
        RegexOptions.CultureInvariant | RegexOptions.Singleline
    )]
    private static partial Regex DuplicateProperty();

    [GeneratedRegex(@"was missing required properties including: (.+?)\.( Path:|$)", RegexOptions.CultureInvariant)]
    private static partial Regex MissingProperties();

    [GeneratedRegex("maximum configured depth", RegexOptions.CultureInvariant)]
    private static partial Regex TooDeep();

    /// <summary>How a path spells names that are no plain words: <c>['a name']</c>.</summary>
    [GeneratedRegex(@"\['(.*?)'\]", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
