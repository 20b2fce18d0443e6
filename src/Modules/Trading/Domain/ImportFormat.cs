namespace CryptoBeacon.Trading.Domain;

/// <summary>Whose files can be imported.</summary>
internal enum ImportFormat
{
    /// <summary>Whichever the file turns out to be.</summary>
    Auto,
    Cryptobeacon,
    Binance,
    Coinbase,
    Kraken,
    Bitstamp,
    Cointracking,
    Ghostfolio,
}
