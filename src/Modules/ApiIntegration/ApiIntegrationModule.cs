using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Connectors.Http;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.ApiIntegration.Jobs;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Modularity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.ApiIntegration;

public sealed class ApiIntegrationModule : IModule
{
    public string Name => "api_integration";

    public IEnumerable<JobDefinition> Jobs =>
        [
            JobDefinition.Of<KeepMarketTablesInShapeJob>("api_integration.keep_tables_in_shape", cron: "41 2 * * *"),
            // After each import; besides, for hours that have ended.
            JobDefinition.Of<FoldHoursJob>(FoldHoursJob.Name, cron: "* * * * *"),
            JobDefinition.Of<BackfillCandlesJob>("api_integration.backfill_candles", cron: "*/10 * * * *"),
            .. Polling.Jobs,
            JobDefinition.Of<SyncAccountJob>(SyncAccountJob.Name),
            JobDefinition.Of<SyncNightlyJob>(SyncNightlyJob.Name, cron: "23 1 * * *"),
        ];

    public IEnumerable<SealedColumn> SealedColumns => [KeySeal.Key, KeySeal.Secret];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        ConnectorCatalog.Register(services);
        services
            .AddProviderHttp()
            .AddSingleton<KeySeal>()
            .AddScoped<ExchangeAccounts>()
            .AddSingleton<AccountAsks>()
            .AddScoped<KeyInspector>()
            .AddScoped<SyncTargets>()
            .AddScoped<SyncRuns>()
            .AddScoped<PriceFeed>()
            .AddScoped<ProviderPolls>()
            .AddSingleton<Polling>()
            .AddScoped<CandleNews>()
            .AddScoped<IPriceBatches, PriceBatches>()
            .AddScoped<IMarketWatch, MarketWatch>()
            .AddScoped<ICandleArchive, CandleArchive>()
            .AddScoped<CandleReader>()
            .AddScoped<PostedPrices>()
            .AddSingleton<PriceListeners>()
            .AddSingleton(PriceBoard.Posted)
            .AddHostedService<PriceBoard>()
            .AddHostedService<SimulatedClock>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var market = api.MapGroup("/market").WithTags("Market data");
        ListCoinsEndpoint.Map(market);
        GetPricesEndpoint.Map(market);
        FollowPricesEndpoint.Map(market);
        GetCandlesEndpoint.Map(market);

        var administration = api.MapGroup("/admin/market").WithTags("Market data");
        DefineCoinEndpoint.Map(administration);
        QuotePricesEndpoint.Map(administration);
        ImportCandlesEndpoint.Map(administration);

        var providers = api.MapGroup("/providers").WithTags("Providers");
        ListProvidersEndpoint.Map(providers);
        GetProviderEndpoint.Map(providers);

        var administeredProviders = api.MapGroup("/admin/providers").WithTags("Providers");
        CreateProviderEndpoint.Map(administeredProviders);
        ReviseProviderEndpoint.Map(administeredProviders);
        DeleteProviderEndpoint.Map(administeredProviders);

        var keys = api.MapGroup("/api-keys").WithTags("API keys");
        AddApiKeyEndpoint.Map(keys);
        ListApiKeysEndpoint.Map(keys);
        GetApiKeyEndpoint.Map(keys);
        ReviseApiKeyEndpoint.Map(keys);
        DeleteApiKeyEndpoint.Map(keys);
        TestApiKeyEndpoint.Map(keys);
        BeginSyncEndpoint.Map(keys);
        ListSyncRunsEndpoint.Map(keys);
        GetSyncRunEndpoint.Map(keys);
        CancelSyncEndpoint.Map(keys);
        ReconcileAccountEndpoint.Map(keys);

        var usage = api.MapGroup("/api-usage").WithTags("API keys");
        ListApiUsageEndpoint.Map(usage);
        SummarizeApiUsageEndpoint.Map(usage);
    }
}
