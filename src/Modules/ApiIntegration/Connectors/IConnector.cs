using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>
/// What one provider's API says, in its own formats. It has no state: what calls go to, how fast and in whose name is the <see cref="ProviderApi"/>'s.
/// Every member throws <see cref="ConnectorException"/>, and nothing else, when there is no answer or one that is not understood.
/// </summary>
internal interface IConnector
{
    /// <summary>The name of the provider's row.</summary>
    string Name { get; }

    /// <summary>Whether it is asked for all that it lists, by our own ids, whether or not somebody wants it: it costs nothing.</summary>
    bool PricesUnasked => false;

    /// <summary>What candles it has; null: none.</summary>
    CandleHistory? History { get; }

    /// <summary>All that the provider prices.</summary>
    Task<IReadOnlyList<Listing>> ListAsync(ProviderApi api, CancellationToken cancellationToken);

    /// <summary>In as few calls as the provider allows. What it has no price for is absent.</summary>
    Task<IReadOnlyList<MarketPrice>> PricesAsync(
        ProviderApi api,
        IReadOnlyCollection<Market> markets,
        CancellationToken cancellationToken
    );

    /// <summary>Candles of the range, oldest first; that is no more than <see cref="History"/> says a call gives. None where the provider has no such interval.</summary>
    Task<IReadOnlyList<Candle>> CandlesAsync(ProviderApi api, CandleRange range, CancellationToken cancellationToken);
}

/// <summary>A provider that knows keys.</summary>
internal interface IKeyedConnector : IConnector
{
    /// <summary>Whether it says of a key if it may withdraw.</summary>
    bool TellsOfWithdrawals => true;

    /// <summary>A signed call: what the key may. A key that is not known is a <see cref="ConnectorFault.InvalidKey"/>.</summary>
    Task<KeyPermissions> CheckAsync(ProviderApi api, Credentials credentials, CancellationToken cancellationToken);
}

/// <summary>A provider where a key opens an account.</summary>
internal interface IExchangeConnector : IKeyedConnector
{
    /// <summary>What is there of each asset, in orders or free; assets that are not held are absent.</summary>
    Task<IReadOnlyList<Balance>> BalancesAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    );

    /// <summary>The next fills, about a thousand at the most; each of them again only when its page's cursor was not kept.</summary>
    /// <param name="cursor">From the page before, of this run or an earlier one; null: from the account's beginning.</param>
    Task<FillPage> FillsAsync(
        ProviderApi api,
        Credentials credentials,
        string? cursor,
        CancellationToken cancellationToken
    );
}
