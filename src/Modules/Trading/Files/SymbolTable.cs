using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Files;

/// <param name="CoinIds">More than one: the symbol is ambiguous.</param>
internal sealed record CoinsOfSymbol(string Symbol, IReadOnlyList<string> CoinIds, bool IsFiat);

/// <summary>What the symbols in a file stand for: as whoever imports it says, else as the catalogue of coins has it.</summary>
internal sealed class SymbolTable(
    IReadOnlyDictionary<string, string> mapped,
    IReadOnlyCollection<CoinsOfSymbol> catalogue
)
{
    private readonly Dictionary<string, CoinsOfSymbol> _catalogue = catalogue.ToDictionary(coins => coins.Symbol);

    public IEnumerable<string> Mapped => mapped.Keys;

    /// <summary>A fiat currency: money, of which the ledger keeps no holdings.</summary>
    public bool IsMoney(string symbol) =>
        !mapped.ContainsKey(symbol) && _catalogue.GetValueOrDefault(symbol) is { IsFiat: true };

    /// <summary>The coins that symbols stand for, where they stand for one alone.</summary>
    public IReadOnlyDictionary<string, string> Coins { get; } =
        catalogue
            .Where(coins => coins.CoinIds.Count == 1)
            .ToDictionary(coins => coins.Symbol, coins => coins.CoinIds[0]);

    /// <exception cref="UnreadableRowException">It is unknown or ambiguous.</exception>
    public string CoinOf(string symbol) =>
        mapped.GetValueOrDefault(symbol)
        ?? _catalogue.GetValueOrDefault(symbol) switch
        {
            null => throw new UnreadableRowException(
                $"{Cell.Shorten(symbol)} is the symbol of no coin in the catalogue; symbols={symbol}:its-coin-id maps it"
            ),
            { CoinIds: [var coinId] } => coinId,
            { CoinIds: var several } => throw new UnreadableRowException(
                $"{Cell.Shorten(symbol)} is the symbol of {string.Join(", ", several)}; symbols={symbol}:{several[0]} chooses"
            ),
        };

    /// <summary>What a fee is in: its symbol, where everybody understands it by the same coin, else the coin's id.</summary>
    public string FeeCurrencyOf(string symbol) =>
        IsMoney(symbol) ? symbol
        : CoinOf(symbol) is var coinId && Currency.IsValid(symbol) && !mapped.ContainsKey(symbol) ? symbol
        : coinId;

    /// <summary>Reads <c>FOO:foo-coin,BAR:bar</c>; null when it is not written so.</summary>
    public static IReadOnlyDictionary<string, string>? ReadMapping(string? text)
    {
        var mapping = new Dictionary<string, string>();
        foreach (
            var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
        {
            if (
                part.Split(':', StringSplitOptions.TrimEntries)
                    is not [{ Length: > 0 and <= MaxSymbolLength } symbol, var coinId]
                || !CoinId.IsValid(coinId)
                || !mapping.TryAdd(symbol.ToUpperInvariant(), coinId)
            )
            {
                return null;
            }
        }

        return mapping;
    }

    private const int MaxSymbolLength = 50;
}
