using System.Text.Json;

namespace CryptoBeacon.Trading.Features;

/// <summary>A page of trades as JSON, by hand: it is what is read most, and has a thousand values. A test holds it against what the serializer writes.</summary>
internal sealed class TradePageAnswer(Page<TradeDto> page) : IResult
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = BeaconJson.Options.Encoder };

    private static readonly JsonEncodedText Items = JsonEncodedText.Encode("items");
    private static readonly JsonEncodedText NextCursor = JsonEncodedText.Encode("nextCursor");
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText PortfolioId = JsonEncodedText.Encode("portfolioId");
    private static readonly JsonEncodedText CoinId = JsonEncodedText.Encode("coinId");
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText Quantity = JsonEncodedText.Encode("quantity");
    private static readonly JsonEncodedText Price = JsonEncodedText.Encode("price");
    private static readonly JsonEncodedText TotalValue = JsonEncodedText.Encode("totalValue");
    private static readonly JsonEncodedText Currency = JsonEncodedText.Encode("currency");
    private static readonly JsonEncodedText Fee = JsonEncodedText.Encode("fee");
    private static readonly JsonEncodedText FeeCurrency = JsonEncodedText.Encode("feeCurrency");
    private static readonly JsonEncodedText DeductFees = JsonEncodedText.Encode("deductFees");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText AcquiredAt = JsonEncodedText.Encode("acquiredAt");
    private static readonly JsonEncodedText Exchange = JsonEncodedText.Encode("exchange");
    private static readonly JsonEncodedText ExternalId = JsonEncodedText.Encode("externalId");
    private static readonly JsonEncodedText LinkId = JsonEncodedText.Encode("linkId");
    private static readonly JsonEncodedText Notes = JsonEncodedText.Encode("notes");
    private static readonly JsonEncodedText Tags = JsonEncodedText.Encode("tags");
    private static readonly JsonEncodedText ImportId = JsonEncodedText.Encode("importId");

    public static TradePageAnswer Of(Page<TradeDto> page) => new(page);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        // Or what is written would be kept, and copied behind the headers.
        await httpContext.Response.StartAsync(httpContext.RequestAborted);
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter, Writing);
        json.WriteStartObject();
        json.WriteStartArray(Items);
        foreach (var trade in page.Items)
        {
            Write(json, trade);
        }

        json.WriteEndArray();
        json.WriteString(NextCursor, page.NextCursor);
        json.WriteEndObject();
        await json.FlushAsync(httpContext.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, TradeDto trade)
    {
        json.WriteStartObject();
        json.WriteString(Id, trade.Id);
        json.WriteString(PortfolioId, trade.PortfolioId);
        json.WriteString(CoinId, trade.CoinId);
        json.WriteString(Type, WireName.Of(trade.Type));
        json.WriteExact(Quantity, trade.Quantity);
        json.WriteExactOrNull(Price, trade.Price);
        json.WriteExactOrNull(TotalValue, trade.TotalValue);
        json.WriteString(Currency, trade.Currency);
        json.WriteExact(Fee, trade.Fee);
        json.WriteString(FeeCurrency, trade.FeeCurrency);
        json.WriteBoolean(DeductFees, trade.DeductFees);
        json.WriteTime(Timestamp, trade.Timestamp);
        if (trade.AcquiredAt is { } acquiredAt)
        {
            json.WriteTime(AcquiredAt, acquiredAt);
        }
        else
        {
            json.WriteNull(AcquiredAt);
        }

        json.WriteString(Exchange, trade.Exchange);
        json.WriteString(ExternalId, trade.ExternalId);
        json.WriteString(LinkId, trade.LinkId);
        json.WriteString(Notes, trade.Notes);
        json.WriteStartArray(Tags);
        foreach (var tag in trade.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        if (trade.ImportId is { } importId)
        {
            json.WriteString(ImportId, importId);
        }
        else
        {
            json.WriteNull(ImportId);
        }

        json.WriteEndObject();
    }
}
