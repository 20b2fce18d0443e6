using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>Which coins the symbols of fee currencies stand for, so that a fee in the traded coin is known as one.</summary>
internal sealed class FeeCoins(IReadDatabase database)
{
    /// <returns>By symbol; those that stand for no coin, or for more than one, are absent.</returns>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(
        IEnumerable<string?> feeCurrencies,
        CancellationToken cancellationToken
    )
    {
        var symbols = feeCurrencies.OfType<string>().Where(Currency.IsValid).Distinct().ToArray();
        if (symbols.Length == 0)
        {
            return new Dictionary<string, string>();
        }

        var coins = await database.QueryAsync<Row>(
            """
            select symbol, coin_id
            from (select symbol, api_integration.coin_of_currency(symbol) as coin_id from unnest(@symbols) as symbol) coins
            where coin_id is not null
            """,
            new { symbols },
            cancellationToken
        );
        return coins.ToDictionary(coin => coin.Symbol, coin => coin.CoinId);
    }

    /// <summary>The coin that a fee currency stands for; null where it is none that is known.</summary>
    public async Task<string?> OfAsync(string? feeCurrency, CancellationToken cancellationToken) =>
        feeCurrency is null || CoinId.IsValid(feeCurrency)
            ? feeCurrency
            : (await OfAsync([feeCurrency], cancellationToken)).GetValueOrDefault(feeCurrency);

    private sealed record Row
    {
        public required string Symbol { get; init; }

        public required string CoinId { get; init; }
    }
}
