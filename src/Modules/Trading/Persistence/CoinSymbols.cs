using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>The catalogue of coins, as files need it: by symbol.</summary>
internal sealed class CoinSymbols(IReadDatabase database)
{
    /// <param name="mapping">What whoever imports says of symbols, as <c>FOO:foo-coin,BAR:bar</c>; validated.</param>
    public async Task<SymbolTable> LoadAsync(string? mapping, CancellationToken cancellationToken)
    {
        var catalogue = await database.QueryAsync<Row>(
            "select symbol, coin_ids, is_fiat from api_integration.coin_symbols()",
            null,
            cancellationToken
        );
        return new SymbolTable(
            SymbolTable.ReadMapping(mapping)!,
            [.. catalogue.Select(row => new CoinsOfSymbol(row.Symbol, row.CoinIds, row.IsFiat))]
        );
    }

    private sealed record Row
    {
        public required string Symbol { get; init; }

        public required string[] CoinIds { get; init; }

        public required bool IsFiat { get; init; }
    }
}
