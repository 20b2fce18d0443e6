using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Portfolios.Features;
using CryptoBeacon.Portfolios.Jobs;
using CryptoBeacon.Portfolios.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Portfolios;

public sealed class PortfoliosModule : IModule
{
    public string Name => "portfolios";

    public IEnumerable<JobDefinition> Jobs => [JobDefinition.Of<TakeSnapshotsJob>("portfolios.snapshots", "7 * * * *")];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<PortfolioCurrency>();
        services.AddScoped<Holdings>();
        services.AddScoped<PerformanceReader>();
        services.AddScoped<Snapshots>();
        services.AddScoped<Positions>();
        services.AddScoped<IPositions>(provider => provider.GetRequiredService<Positions>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var portfolios = api.MapGroup("/portfolios").WithTags("Portfolios");
        ListPortfoliosEndpoint.Map(portfolios);
        CreatePortfolioEndpoint.Map(portfolios);
        GetPortfolioEndpoint.Map(portfolios);
        RevisePortfolioEndpoint.Map(portfolios);
        DeletePortfolioEndpoint.Map(portfolios);
        ValuePortfolioEndpoint.Map(portfolios);
        MeasurePerformanceEndpoint.Map(portfolios);
        DrawChartEndpoint.Map(portfolios);
        SummarizePortfoliosEndpoint.Map(portfolios);

        var assets = portfolios.MapGroup("/{id:guid}/assets");
        ListAssetsEndpoint.Map(assets);
        GetAssetEndpoint.Map(assets);
        SetOpeningBalanceEndpoint.Map(assets);
        DeleteOpeningBalanceEndpoint.Map(assets);
    }
}
