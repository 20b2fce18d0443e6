using System.Globalization;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Refuses an optional number, id or truth value in the query that can't be read, by its name. Left to themselves endpoints would take an empty one for one
/// that was not given (<c>?dryRun</c> would import), and those that are compiled ahead would answer with a bare 400.
/// </summary>
internal sealed class OptionalParameters(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.QueryString.HasValue || context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>())
        {
            if (context.Request.Query.TryGetValue(parameter.Name, out var values) && !CanRead(parameter, values))
            {
                return Problems.WriteAsync(context, Error.Invalid(parameter.Name, RequestFaults.Unreadable));
            }
        }

        return next(context);
    }

    private static bool CanRead(IParameterBindingMetadata parameter, StringValues values)
    {
        if (Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) is not { } type)
        {
            return true;
        }

        return type == typeof(int) ? CanRead<int>(values)
            : type == typeof(long) ? CanRead<long>(values)
            : type == typeof(decimal) ? CanRead<decimal>(values)
            : type == typeof(bool) ? CanRead<bool>(values)
            : type != typeof(Guid) || CanRead<Guid>(values);
    }

    private static bool CanRead<T>(StringValues values)
        where T : IParsable<T> => values is [var text] && T.TryParse(text, CultureInfo.InvariantCulture, out _);
}
