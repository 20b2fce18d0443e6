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
        var unknown = UnknownProperty().Match(exception.Message);
        if (unknown.Success)
        {
            return Error.Invalid(Field(exception.Path, unknown.Groups[1].Value), "is not a property of this request");
        }

        var duplicate = DuplicateProperty().Match(exception.Message);
        if (duplicate.Success)
        {
            return Error.Invalid(Field(exception.Path, duplicate.Groups[1].Value), "is given twice");
        }

        // Our converters say what they want; the reader's own messages speak of .NET types or byte positions.
        var message =
            exception.InnerException is not null || FrameworkMessage().IsMatch(exception.Message)
                ? IsMalformed(exception) ? "is not well-formed JSON" : "has the wrong type or an unknown value"
                : exception.Message;
        return Error.Invalid(Field(exception.Path, null), message);
    }

    private static bool IsMalformed(JsonException exception) =>
        exception.InnerException is JsonException || exception.GetType() != typeof(JsonException);

    /// <summary><c>$.trades[0].price</c> → <c>trades[0].price</c></summary>
    private static string Field(string? path, string? property)
    {
        var field = path is null ? "" : path.TrimStart('$').TrimStart('.');
        if (property is not null && field != property && !field.EndsWith("." + property, StringComparison.Ordinal))
        {
            field = field.Length == 0 ? property : $"{field}.{property}";
        }

        return field.Length == 0 ? WholeBody : field;
    }

    [GeneratedRegex(@"^The JSON property '(.+?)' could not be mapped to any \.NET member", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex(@"^Duplicate property '(.+?)' encountered", RegexOptions.CultureInvariant)]
    private static partial Regex DuplicateProperty();

    [GeneratedRegex(@"\.NET|could not be converted|LineNumber|BytePosition|System\.", RegexOptions.CultureInvariant)]
    private static partial Regex FrameworkMessage();
}
