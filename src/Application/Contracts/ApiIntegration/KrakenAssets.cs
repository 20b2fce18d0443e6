using System.Text.RegularExpressions;

namespace CryptoBeacon.Application.Contracts.ApiIntegration;

/// <summary>
/// Kraken's own names of assets, in its files as in its answers: <c>XXBT</c> is bitcoin, <c>ZEUR</c> the euro, <c>ADA.S</c> staked ADA.
/// </summary>
public static partial class KrakenAssets
{
    private static readonly HashSet<string> Prefixed =
    [
        "XXBT",
        "XETH",
        "XLTC",
        "XXDG",
        "XETC",
        "XREP",
        "XMLN",
        "XXLM",
        "XXMR",
        "XXRP",
        "XZEC",
        "XICN",
        "XNMC",
        "XXVN",
        "XDAO",
        "ZEUR",
        "ZUSD",
        "ZGBP",
        "ZCAD",
        "ZJPY",
        "ZCHF",
        "ZAUD",
        "ZKRW",
        "ZPLN",
        "ZSEK",
        "ZDKK",
        "ZNOK",
        "ZNZD",
        "ZCZK",
        "ZHUF",
    ];

    /// <returns>The symbol that the field uses, such as <c>BTC</c>.</returns>
    public static string SymbolOf(string asset)
    {
        var code = Wallet().Replace(asset.Trim().ToUpperInvariant(), "");
        code = Prefixed.Contains(code) ? code[1..] : code;
        return code switch
        {
            "XBT" => "BTC",
            "XDG" => "DOGE",
            "ETH2" => "ETH",
            _ => code,
        };
    }

    /// <summary>In a wallet of its earn products: what goes there and comes back has not left Kraken.</summary>
    public static bool IsStaked(string asset) => Wallet().IsMatch(asset.Trim().ToUpperInvariant());

    /// <summary>Markets: <c>XXBTZEUR</c>, <c>ADAEUR</c>, <c>XBT/USDT</c>; null where no known currency ends the name.</summary>
    /// <param name="isMoney">Whether three letters are a fiat currency.</param>
    public static (string Base, string Quote)? PairOf(string pair, Func<string, bool> isMoney)
    {
        var text = pair.Trim().ToUpperInvariant();
        if (text.Split('/') is [{ Length: > 0 } left, { Length: > 0 } right])
        {
            return (SymbolOf(left), SymbolOf(right));
        }

        // The longest quote first, or XETHXXBT would be priced in XBT by an asset named XETHX.
        for (var i = 2; i < text.Length - 2; i++)
        {
            if (IsQuote(text[i..], isMoney))
            {
                return (SymbolOf(text[..i]), SymbolOf(text[i..]));
            }
        }

        return null;
    }

    private static bool IsQuote(string code, Func<string, bool> isMoney) =>
        code is "XXBT" or "XBT" or "BTC" or "XETH" or "ETH" or "USDT" or "USDC" or "DAI" or "PYUSD" or "DOT"
        || (Prefixed.Contains(code) && code[0] == 'Z')
        || (code.Length == 3 && isMoney(code));

    // DOT28.S is bonded for 28 days; .M and .F are opted-in rewards, .P parachains, .B and .T newer bonds.
    [GeneratedRegex(@"([0-9]{2})?\.(S|M|F|P|B|T|HOLD)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Wallet();
}
