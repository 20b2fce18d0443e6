using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Domain.Values;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Asks the active providers of a connector, whose turn it is, for the prices of the coins that somebody holds, watches or has an alert on. What
/// fails is recorded, and others speak in its place until it answers again.
/// </summary>
internal sealed record PollPrices(string Connector) : IStepwiseCommand;

internal sealed partial class PollPricesHandler(
    ConnectorCatalog connectors,
    ProviderPolls polls,
    IReadDatabase database,
    IMediator mediator,
    ILogger<PollPricesHandler> logger
) : IRequestHandler<PollPrices, Result>
{
    public async Task<Result> Handle(PollPrices request, CancellationToken cancellationToken)
    {
        var connector = connectors.Find<IConnector>(request.Connector)!;
        foreach (var site in await polls.ClaimAsync(request.Connector, ProviderPolls.Prices, cancellationToken))
        {
            var api = connectors.Open(site, Caller.System);
            try
            {
                await RefreshListingsAsync(connector, api, cancellationToken);
                var quotes = await QuotesAsync(connector, api, cancellationToken);
                await mediator.Send(new TakeInQuotes(site.Id, quotes), cancellationToken);
                await EndAsync(site, error: null, cancellationToken);
            }
            catch (ConnectorException fault)
            {
                await mediator.Send(new TakeInQuotes(site.Id, []), cancellationToken);
                await EndAsync(site, fault.Message, cancellationToken);
            }
        }

        return Result.Success;
    }

    private async Task RefreshListingsAsync(IConnector connector, ProviderApi api, CancellationToken cancellationToken)
    {
        if (await polls.AreListingsDueAsync(api.Site.Id, cancellationToken))
        {
            await mediator.Send(
                new StoreListings(api.Site.Id, await connector.ListAsync(api, cancellationToken)),
                cancellationToken
            );
        }
    }

    private async Task<IReadOnlyList<QuotedPrice>> QuotesAsync(
        IConnector connector,
        ProviderApi api,
        CancellationToken cancellationToken
    )
    {
        var wanted = await database.QueryAsync<WantedMarket>(
            connector.PricesUnasked
                ? "select coin_id, symbol, currency from api_integration.listings where provider_id = @provider"
                : "select coin_id, symbol, currency, rate from api_integration.wanted_markets(@provider)",
            new { provider = api.Site.Id },
            cancellationToken
        );
        if (wanted.Count == 0)
        {
            return [];
        }

        var byMarket = wanted.ToLookup(market => new Market(market.Symbol, market.Currency));
        var prices = await connector.PricesAsync(api, [.. byMarket.Select(market => market.Key)], cancellationToken);
        return
        [
            .. from price in prices
            from market in byMarket[price.Market]
            from quote in market.Quote(price, api.Now)
            select quote,
        ];
    }

    /// <summary>Said once when it begins and once when it is over, however long it lasts.</summary>
    private async Task EndAsync(ProviderSite site, string? error, CancellationToken cancellationToken)
    {
        var before = await polls.EndAsync(site.Id, ProviderPolls.Prices, error, cancellationToken);
        if (error is not null && before is null)
        {
            LogFailing(site.Name, error);
        }
        else if (error is null && before is not null)
        {
            LogRecovered(site.Name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Provider} gives no prices, until said otherwise: {Error}")]
    private partial void LogFailing(string provider, string error);

    [LoggerMessage(LogLevel.Information, "{Provider} gives prices again")]
    private partial void LogRecovered(string provider);

    private sealed record WantedMarket
    {
        private const string Usd = "USD";

        public required string CoinId { get; init; }

        public required string Symbol { get; init; }

        public required string Currency { get; init; }

        /// <summary>Of the currency in USD; null: unknown.</summary>
        public decimal? Rate { get; init; }

        /// <summary>As it was said, and in USD where it was said in another currency of known worth.</summary>
        public IEnumerable<QuotedPrice> Quote(MarketPrice said, DateTimeOffset now)
        {
            var asOf = said.AsOf < now ? said.AsOf.Value : now;
            yield return new QuotedPrice(CoinId, Currency, said.Price, asOf);
            if (Currency != Usd && Rate is { } rate && Exact.Multiply(said.Price, rate) is > 0 and { } price)
            {
                yield return new QuotedPrice(CoinId, Usd, price, asOf);
            }
        }
    }
}
