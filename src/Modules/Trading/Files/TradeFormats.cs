using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files.Formats;

namespace CryptoBeacon.Trading.Files;

/// <summary>The formats of CSV files that can be read.</summary>
internal static class TradeFormats
{
    private static readonly ITradeFormat[] All =
    [
        new CryptoBeaconFormat(),
        new BinanceFormat(),
        new KrakenLedgersFormat(),
        new KrakenTradesFormat(),
        new CoinbaseFormat(),
        new BitstampFormat(),
        new CoinTrackingFormat(),
    ];

    /// <summary>The one whose header this is, among those that were asked for.</summary>
    public static (ImportFormat Format, ITradeReader Reader)? Recognise(ImportFormat wanted, FileHeader header) =>
        Wanted(wanted)
            .Select(format => (format.Format, Reader: format.Recognise(header)))
            .FirstOrDefault(recognised => recognised.Reader is not null)
            is (var found, { } reader)
            ? (found, reader)
            : null;

    public static Error Refusal(ImportFormat wanted, FileHeader header) =>
        wanted == ImportFormat.Auto && !CryptoBeaconFormat.Resembles(header)
            ? Error.Invalid("format", "can't be recognised: the file has the header of no format that is known")
            : Error.Invalid(
                "format",
                wanted is ImportFormat.Auto or ImportFormat.Cryptobeacon
                    ? $"cryptobeacon is not this file's: its header {CryptoBeaconFormat.Complaint(header)}"
                    : $"{WireName.Of(wanted)} is not this file's: its header lacks the columns of such a file"
            );

    private static IEnumerable<ITradeFormat> Wanted(ImportFormat wanted) =>
        All.Where(format => wanted == ImportFormat.Auto || format.Format == wanted);
}
