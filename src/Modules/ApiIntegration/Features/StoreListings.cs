using CryptoBeacon.ApiIntegration.Connectors;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>What a provider lists is now exactly this.</summary>
internal sealed record StoreListings(Guid ProviderId, IReadOnlyList<Listing> Listings) : ICommand;

internal sealed class StoreListingsHandler(IWriteDatabase database) : IRequestHandler<StoreListings, Result>
{
    private const int MaxSymbol = 200;
    private const int MaxAsset = 100;

    public async Task<Result> Handle(StoreListings request, CancellationToken cancellationToken)
    {
        var listings = request
            .Listings.Where(IsStorable)
            .DistinctBy(listing => listing.Symbol)
            .OrderBy(listing => listing.Symbol, StringComparer.Ordinal)
            .ToList();
        await database.ExecuteAsync(
            """
            delete from api_integration.listings where provider_id = @ProviderId and symbol <> all(@symbols);

            insert into api_integration.listings (provider_id, symbol, asset, currency, coin_id, name)
            select @ProviderId, symbol, asset, currency, coin_id, name
            from unnest(@symbols, @assets, @currencies, @coins, @names) listed (symbol, asset, currency, coin_id, name)
            on conflict (provider_id, symbol) do update
                set asset = excluded.asset, currency = excluded.currency, coin_id = excluded.coin_id, name = excluded.name
                where (listings.asset, listings.currency, listings.coin_id, listings.name)
                    is distinct from (excluded.asset, excluded.currency, excluded.coin_id, excluded.name);

            update api_integration.provider_polls set succeeded_at = now(), error = null
            where provider_id = @ProviderId and kind = 'listings'
            """,
            new
            {
                request.ProviderId,
                symbols = listings.Select(listing => listing.Symbol).ToArray(),
                assets = listings.Select(listing => listing.Asset).ToArray(),
                currencies = listings.Select(listing => listing.Currency).ToArray(),
                coins = listings.Select(listing => listing.CoinId).ToArray(),
                names = listings.Select(listing => Cut(listing.Name)).ToArray(),
            },
            cancellationToken
        );
        return Result.Success;
    }

    /// <summary>Nobody's symbols are as long as some that CoinGecko lists.</summary>
    private static bool IsStorable(Listing listing) =>
        listing.Symbol.Length <= MaxSymbol
        && listing.Asset.Length <= MaxAsset
        && (listing.Currency?.Length ?? 0) <= MaxAsset
        && !$"{listing.Symbol}{listing.Asset}{listing.Currency}{listing.Name}".Contains('\0', StringComparison.Ordinal);

    private static string? Cut(string? name) =>
        name is { Length: > MaxSymbol } ? name[..MaxSymbol]
        : name is "" ? null
        : name;
}
