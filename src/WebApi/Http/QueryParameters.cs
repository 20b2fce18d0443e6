using System.Globalization;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Refuses a parameter of the query that can't be read, by its name. Left to themselves endpoints would join the values of a text that is given twice (<c>tag=a&amp;tag=b</c>), take
/// an empty number, id or truth value for one that was not given (<c>?dryRun</c> would import), and those that are compiled ahead would answer one that can't be
/// read with a bare 400.
/// </summary>
internal sealed class QueryParameters(RequestDelegate next)
{
    private const string Repeated = "must be given once";

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.QueryString.HasValue || context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>())
        {
            if (
                !IsFromElsewhere(context, parameter)
                && context.Request.Query.TryGetValue(parameter.Name, out var values)
                && Fault(parameter.ParameterInfo.ParameterType, values) is { } fault
            )
            {
                return Problems.WriteAsync(context, Error.Invalid(parameter.Name, fault));
            }
        }

        return next(context);
    }

    private static bool IsFromElsewhere(HttpContext context, IParameterBindingMetadata parameter) =>
        context.Request.RouteValues.ContainsKey(parameter.Name)
        || parameter.ParameterInfo.IsDefined(typeof(FromHeaderAttribute), inherit: false);

    private static string? Fault(Type declared, StringValues values)
    {
        if (declared == typeof(string))
        {
            return values.Count > 1 ? Repeated : null;
        }

        var optional = Nullable.GetUnderlyingType(declared);
        var canRead =
            optional == typeof(int) ? CanRead<int>(values)
            : optional == typeof(long) ? CanRead<long>(values)
            : optional == typeof(decimal) ? CanRead<decimal>(values)
            : optional == typeof(bool) ? CanRead<bool>(values)
            : optional != typeof(Guid) || CanRead<Guid>(values);
        return canRead ? null : RequestFaults.Unreadable;
    }

    private static bool CanRead<T>(StringValues values)
        where T : IParsable<T> => values is [var text] && T.TryParse(text, CultureInfo.InvariantCulture, out _);
}
