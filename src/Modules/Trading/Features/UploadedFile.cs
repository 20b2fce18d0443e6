using System.Text;
using CryptoBeacon.Trading.Files;
using Microsoft.Net.Http.Headers;

namespace CryptoBeacon.Trading.Features;

/// <summary>A file as the body of a request.</summary>
internal static class UploadedFile
{
    public const string Json = "application/json";

    /// <summary>Reads the body to its end, to disk when it is large, so that a slow client holds no connection of the database.</summary>
    public static async Task<Stream> SpoolAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering(bufferThreshold: 64 * 1024);
        await request.Body.CopyToAsync(Stream.Null, cancellationToken);
        request.Body.Position = 0;
        return request.Body;
    }

    public static Encoding EncodingOf(string? contentType)
    {
        if (
            MediaTypeHeaderValue.TryParse(contentType, out var type)
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
}
