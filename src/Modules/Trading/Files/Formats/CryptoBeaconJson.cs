using System.Text.Json;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>The project's own export as JSON: a list <c>items</c> of what a trade is recorded by.</summary>
internal static class CryptoBeaconJson
{
    public const string List = "items";

    public static FileRow Read(long line, JsonElement item)
    {
        try
        {
            return item.Deserialize<TradeInput>(BeaconJson.Options) is { } trade
                ? new FileRow.Trade(line, trade)
                : new FileRow.Rejected(line, "must be an object");
        }
        catch (JsonException exception)
        {
            return new FileRow.Rejected(line, JsonErrors.ToError(exception).Describe());
        }
    }
}
