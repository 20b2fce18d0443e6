using System.Globalization;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.Http.Metadata;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Endpoints that are compiled ahead answer an optional number, id or truth value that can't be read with a bare 400, where all others throw what
/// <see cref="RequestFaults"/> names: here it is looked up which it was.
/// </summary>
internal static class UnreadParameters
{
    public static Error? Find(HttpContext context)
    {
        if (context.Response.StatusCode != StatusCodes.Status400BadRequest)
        {
            return null;
        }

        var optional =
            context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            ?? (IEnumerable<IParameterBindingMetadata>)[];
        return optional
            .Where(parameter => IsUnread(parameter, context.Request.Query[parameter.Name].ToString()))
            .Select(parameter => Error.Invalid(parameter.Name, RequestFaults.Unreadable))
            .FirstOrDefault();
    }

    private static bool IsUnread(IParameterBindingMetadata parameter, string text) =>
        text.Length > 0
        && Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) is { } type
        && (
            type == typeof(int) ? !CanRead<int>(text)
            : type == typeof(long) ? !CanRead<long>(text)
            : type == typeof(decimal) ? !CanRead<decimal>(text)
            : type == typeof(bool) ? !CanRead<bool>(text)
            : type == typeof(Guid) && !CanRead<Guid>(text)
        );

    private static bool CanRead<T>(string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out _);
}
