using System.Text.Json;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>Ghostfolio's JSON export: a list <c>activities</c>, of which those of coins are trades.</summary>
internal static class GhostfolioFile
{
    public const string List = "activities";

    public static FileRow Read(long line, JsonElement activity, SymbolTable symbols)
    {
        try
        {
            var type = Required(activity, "type").ToUpperInvariant();
            return type is "BUY" or "SELL"
                    ? new FileRow.Entry(
                        line,
                        new FileEntry
                        {
                            Type = type == "BUY" ? TradeType.Buy : TradeType.Sell,
                            At = Cell.Time(Required(activity, "date"), "date"),
                            Asset = AssetOf(activity, symbols),
                            Quantity = Number(activity, "quantity"),
                            Quote = Required(activity, "currency").ToUpperInvariant(),
                            Price = Number(activity, "unitPrice"),
                            Fee = Number(activity, "fee"),
                            FeeAsset = Required(activity, "currency").ToUpperInvariant(),
                            ExternalId = Text(activity, "id"),
                            Notes = Text(activity, "comment"),
                        }
                    )
                : type is "DIVIDEND" or "FEE" or "INTEREST" or "ITEM" or "LIABILITY"
                    ? new FileRow.Skipped(line, $"is no movement of a coin ({type})")
                : throw new UnreadableRowException($"type: {Cell.Shorten(type)} is not understood");
        }
        catch (UnreadableRowException exception)
        {
            return new FileRow.Rejected(line, exception.Message);
        }
    }

    /// <summary>Yahoo's coins end with the dollar that they are priced in; its other symbols are stocks, though some coins are called the same.</summary>
    private static string AssetOf(JsonElement activity, SymbolTable symbols)
    {
        var symbol = Required(activity, "symbol");
        var upper = symbol.ToUpperInvariant();
        if (Text(activity, "dataSource")?.ToUpperInvariant() is not "YAHOO" || symbols.Mapped.Contains(upper))
        {
            return upper;
        }

        return upper.EndsWith("USD", StringComparison.Ordinal) && upper.Length > 3
            ? upper[..^3].TrimEnd('-')
            : throw new UnreadableRowException(
                $"symbol: {Cell.Shorten(symbol)} is no coin's at Yahoo; symbols={upper}:its-coin-id maps it"
            );
    }

    private static string? Text(JsonElement activity, string name) =>
        activity.ValueKind == JsonValueKind.Object
        && activity.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString() is { Length: > 0 } text
                ? text
                : null
            : null;

    private static string Required(JsonElement activity, string name) =>
        Text(activity, name) ?? throw new UnreadableRowException($"{name}: is required");

    private static decimal Number(JsonElement activity, string name)
    {
        if (
            activity.ValueKind != JsonValueKind.Object
            || !activity.TryGetProperty(name, out var value)
            || value.ValueKind != JsonValueKind.Number
        )
        {
            throw new UnreadableRowException($"{name}: must be a number");
        }

        return Exact.TryParse(value.GetRawText(), allowExponent: true, out var number)
            ? number
            : throw new UnreadableRowException($"{name}: {Exact.Rule}");
    }
}
