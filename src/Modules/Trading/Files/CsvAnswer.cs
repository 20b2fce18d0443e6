using CryptoBeacon.Trading.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CryptoBeacon.Trading.Files;

/// <summary>Trades as a CSV file.</summary>
internal sealed class CsvAnswer(IAsyncEnumerable<TradeDto> trades, string? nextCursor = null) : IResult
{
    public static CsvAnswer Of(Page<TradeDto> page) => new(page.Items.ToAsyncEnumerable(), page.NextCursor);

    /// <summary>Whether <c>Accept</c> prefers CSV to JSON.</summary>
    public static bool IsWanted(HttpRequest request) =>
        Quality(request, TradeColumns.MediaType) > Quality(request, "application/json");

    /// <summary>Whether <c>Accept</c> prefers JSON to CSV.</summary>
    public static bool IsUnwanted(HttpRequest request) =>
        Quality(request, "application/json") > Quality(request, TradeColumns.MediaType);

    private static double Quality(HttpRequest request, string mediaType) =>
        request
            .GetTypedHeaders()
            .Accept.Where(type => type.MatchesMediaType(mediaType))
            // What is said of the type itself goes before what is said of text/*, and that before */*.
            .OrderBy(type => (type.MatchesAllTypes, type.MatchesAllSubTypes))
            .Select(type => type.Quality ?? 1)
            .FirstOrDefault();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{TradeColumns.MediaType}; charset=utf-8";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = "trades.csv",
        }.ToString();
        if (nextCursor is not null)
        {
            var query = httpContext.Request.Query.Where(parameter => parameter.Key != "cursor").ToDictionary();
            query["cursor"] = nextCursor;
            response.Headers.Link = $"<{QueryHelpers.AddQueryString(httpContext.Request.Path, query)}>; rel=\"next\"";
        }

        return TradeCsvWriter.WriteAsync(trades, response.Body, httpContext.RequestAborted);
    }
}
