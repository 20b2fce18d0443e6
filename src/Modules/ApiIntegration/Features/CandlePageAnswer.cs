using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// A page of candles as JSON, made of the rows as they come in, without a list of them in between, and sent when all are there: a client that reads slowly holds
/// a page of bytes, in pooled memory, and no connection to the database.
/// </summary>
/// <param name="candles">One more than <paramref name="size"/> when there is a next page.</param>
internal sealed class CandlePageAnswer(IAsyncEnumerable<CandleDto> candles, int size) : IResult
{
    private static readonly PipeOptions Unbounded = new(
        pauseWriterThreshold: 0,
        minimumSegmentSize: 64 * 1024,
        useSynchronizationContext: false
    );

    private static readonly JsonEncodedText Items = JsonEncodedText.Encode("items");
    private static readonly JsonEncodedText NextCursor = JsonEncodedText.Encode("nextCursor");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText Open = JsonEncodedText.Encode("open");
    private static readonly JsonEncodedText High = JsonEncodedText.Encode("high");
    private static readonly JsonEncodedText Low = JsonEncodedText.Encode("low");
    private static readonly JsonEncodedText Close = JsonEncodedText.Encode("close");
    private static readonly JsonEncodedText Volume = JsonEncodedText.Encode("volume");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
        var page = new Pipe(Unbounded);
        try
        {
            response.ContentLength = await WriteAsync(page.Writer, aborted);
            response.ContentType = "application/json; charset=utf-8";
            await page.Writer.CompleteAsync();
            await page.Reader.CopyToAsync(response.Body, aborted);
        }
        finally
        {
            await page.Writer.CompleteAsync();
            await page.Reader.CompleteAsync();
        }
    }

    private async Task<long> WriteAsync(PipeWriter page, CancellationToken aborted)
    {
        await using var json = new Utf8JsonWriter((IBufferWriter<byte>)page);
        var last = default(CandleDto);
        var left = size;
        string? nextCursor = null;
        json.WriteStartObject();
        json.WriteStartArray(Items);
        await foreach (var candle in candles.WithCancellation(aborted))
        {
            if (left-- == 0)
            {
                nextCursor = Cursor.Encode(new CandlePosition(last!.Time));
                break;
            }

            Write(json, candle);
            last = candle;
        }

        json.WriteEndArray();
        json.WriteString(NextCursor, nextCursor);
        json.WriteEndObject();
        await json.FlushAsync(aborted);
        await page.FlushAsync(aborted);
        return json.BytesCommitted;
    }

    private static void Write(Utf8JsonWriter json, CandleDto candle)
    {
        json.WriteStartObject();
        json.WriteTime(Time, candle.Time);
        json.WriteExact(Open, candle.Open);
        json.WriteExact(High, candle.High);
        json.WriteExact(Low, candle.Low);
        json.WriteExact(Close, candle.Close);
        json.WriteExactOrNull(Volume, candle.Volume);
        json.WriteEndObject();
    }
}
