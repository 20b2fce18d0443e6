using System.Text;
using CryptoBeacon.Trading.Files;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace CryptoBeacon.Trading.Features;

internal static class ImportTradesEndpoint
{
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
                    HttpRequest request,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                {
                    var encoding = EncodingOf(request);
                    var options = new ImportOptions(portfolioId, format, mode, oversell, dryRun, fileName);
                    var content = await SpoolAsync(request, ct);
                    return (await mediator.Send(new ImportTrades(options, content, encoding), ct)).ToOk();
                }
            )
            .WithName(nameof(ImportTrades))
            .WithSummary("Import trades from a CSV file")
            .WithMetadata(new CsvSizeLimit(), new AcceptsMetadata([TradeColumns.MediaType], typeof(string)))
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
            && type.MediaType == TradeColumns.MediaType
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
            "The file is text/csv, in UTF-8 unless its charset says otherwise.",
            StatusCodes.Status415UnsupportedMediaType
        );
    }

    private sealed class CsvSizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 256L * 1024 * 1024;
    }
}
