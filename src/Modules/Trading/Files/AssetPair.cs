namespace CryptoBeacon.Trading.Files;

/// <summary>A market: what is traded, and what its prices are in.</summary>
internal readonly record struct AssetPair(string Base, string Quote)
{
    /// <summary>
    /// Splits <c>BTCUSDT</c>, <c>btc/usdt</c> or <c>BTC-USDT</c>. Without a separator the longest quote that it ends with decides, which has to be known.
    /// </summary>
    public static AssetPair? Split(string pair, IReadOnlySet<string> quotes)
    {
        var text = pair.Trim().ToUpperInvariant();
        if (text.Split('/', '-', '_') is [{ Length: > 0 } left, { Length: > 0 } right])
        {
            return new AssetPair(left, right);
        }

        for (var i = 1; i < text.Length; i++)
        {
            if (quotes.Contains(text[i..]))
            {
                return new AssetPair(text[..i], text[i..]);
            }
        }

        return null;
    }
}
