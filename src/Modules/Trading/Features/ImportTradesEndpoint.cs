using System.Text;
using CryptoBeacon.Trading.Files;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace CryptoBeacon.Trading.Features;

internal static class ImportTradesEndpoint
{
    private const string Json = "application/json";

    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapPost(
                "/import",
                async (
                    Guid? portfolioId,
                    string? format,
                    string? mode,
                    string? oversell,
                    bool? dryRun,
                    string? fileName,
                    string? symbols,
                    HttpRequest request,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                {
                    var encoding = EncodingOf(request);
                    var options = new ImportOptions(portfolioId, format, mode, oversell, dryRun, fileName, symbols);
                    var content = await SpoolAsync(request, ct);
                    return (await mediator.Send(new ImportTrades(options, content, encoding), ct)).ToOk();
                }
            )
            .WithName(nameof(ImportTrades))
            .WithSummary("Import trades from a file of an exchange, a portfolio program or our own")
            .WithMetadata(new CsvSizeLimit(), new AcceptsMetadata([TradeColumns.MediaType, Json], typeof(string)))
            .RequireScope(Scopes.TradesWrite)
            .Produces<ImportReport>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    /// <summary>Reads the body to its end, to disk when it is large, so that a slow client holds no connection of the database.</summary>
    private static async Task<Stream> SpoolAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering(bufferThreshold: 64 * 1024);
        await request.Body.CopyToAsync(Stream.Null, cancellationToken);
        request.Body.Position = 0;
        return request.Body;
    }

    private static Encoding EncodingOf(HttpRequest request)
    {
        if (
            MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType == TradeColumns.MediaType || type.MediaType == Json)
        )
        {
            try
            {
                return type.Charset.HasValue ? Encoding.GetEncoding(type.Charset.Value.Trim('"')) : Encoding.UTF8;
            }
            catch (ArgumentException)
            {
                // A charset that is not known is a media type that is not supported.
            }
        }

        throw new BadHttpRequestException(
            "The file is text/csv, in UTF-8 unless its charset says otherwise, or Ghostfolio's application/json.",
            StatusCodes.Status415UnsupportedMediaType
        );
    }

    private sealed class CsvSizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 256L * 1024 * 1024;
    }
}
