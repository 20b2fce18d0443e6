using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Connectors.Http;
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
        ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        ConnectorCatalog.Register(services);
        services
            .AddProviderHttp()
            .AddScoped<PriceFeed>()
            .AddScoped<ProviderPolls>()
            .AddSingleton<Polling>()
            .AddScoped<IPriceBatches, PriceBatches>()
            .AddScoped<IMarketWatch, MarketWatch>()
            .AddScoped<ICandleArchive, CandleArchive>()
            .AddScoped<CandleReader>()
            .AddScoped<PostedPrices>()
            .AddSingleton<PriceListeners>()
            .AddSingleton(PriceBoard.Posted)
            .AddHostedService<PriceBoard>()
            .AddHostedService<SimulatedProvider>();
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
    }
}
