using CryptoBeacon.Application.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// HEAD is GET without its body: routing and endpoints see a GET, and Kestrel, which knows better, sends the headers alone. A stream of events has no end
/// and nothing but a body, so that it takes no HEAD.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Routing, with HEAD.</summary>
    public static void UseRoutingWithHead(this WebApplication app)
    {
        var isHead = new object();
        app.Use(
            (context, next) =>
            {
                if (HttpMethods.IsHead(context.Request.Method))
                {
                    context.Request.Method = HttpMethods.Get;
                    context.Items[isHead] = true;
                }

                return next(context);
            }
        );
        app.UseRouting();
        app.Use(
            (context, next) =>
            {
                if (!context.Items.ContainsKey(isHead) || !IsStream(context.GetEndpoint()))
                {
                    return next(context);
                }

                context.Response.Headers.Allow = HttpMethods.Get;
                return Problems.WriteAsync(context, StatusCodes.Status405MethodNotAllowed);
            }
        );
    }

    private static bool IsStream(Endpoint? endpoint) =>
        endpoint
            ?.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
            .Any(answer => answer.ContentTypes.Contains(EventStream.MediaType)) == true;
}
