using CryptoBeacon.Trading.Files;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.Trading.Features;

internal static class ImportTradesEndpoint
{
    private const string RespondAsync = "respond-async";

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
                    [FromQuery] string[]? symbols,
                    HttpRequest request,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                {
                    var encoding = UploadedFile.EncodingOf(request.ContentType);
                    var options = new ImportOptions(
                        portfolioId,
                        format,
                        mode,
                        oversell,
                        dryRun,
                        fileName,
                        symbols is null or [] ? null : string.Join(',', symbols)
                    );
                    var content = await UploadedFile.SpoolAsync(request, ct);
                    if (!RespondsLater(request))
                    {
                        return (await mediator.Send(new ImportTrades(options, content, encoding), ct)).ToOk();
                    }

                    request.HttpContext.Response.Headers["Preference-Applied"] = RespondAsync;
                    return (await mediator.Send(new QueueImport(options, content, encoding), ct)).ToAccepted(import =>
                        $"/api/v1/trades/imports/{import.Id}"
                    );
                }
            )
            .WithName(nameof(ImportTrades))
            .WithSummary("Import trades from a file of an exchange, a portfolio program or our own")
            .WithMetadata(
                new CsvSizeLimit(),
                new AcceptsMetadata([TradeColumns.MediaType, UploadedFile.Json], typeof(string))
            )
            .RequireScope(Scopes.TradesWrite)
            .Produces<ImportReport>()
            .Produces<QueuedImport>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    /// <summary>RFC 7240.</summary>
    private static bool RespondsLater(HttpRequest request) =>
        request
            .Headers["Prefer"]
            .Any(preferences =>
                preferences!
                    .Split(',', ';')
                    .Any(preference => preference.Trim().Equals(RespondAsync, StringComparison.OrdinalIgnoreCase))
            );

    private sealed class CsvSizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 256L * 1024 * 1024;
    }
}
