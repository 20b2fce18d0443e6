using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Models.Features;
using CryptoBeacon.Models.Jobs;
using CryptoBeacon.Models.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Models;

public sealed class ModelsModule : IModule
{
    public string Name => "models";

    public IEnumerable<JobDefinition> Jobs =>
        [
            JobDefinition.Of<RunBacktestJob>(RunBacktestJob.Name, queue: JobQueues.Computing),
            JobDefinition.Of<RunSweepJob>(RunSweepJob.Name, queue: JobQueues.Computing),
            JobDefinition.Of<RecoverRunsJob>(RecoverRunsJob.Name, cron: "* * * * *"),
        ];

    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services
            .AddScoped<Runs>()
            .AddScoped<RunRequests>()
            .AddScoped<RunQueue>()
            .AddScoped<RunHost>()
            .AddScoped<Bars>()
            .AddScoped<TradeSetup>()
            .AddScoped<BacktestRunner>()
            .AddScoped<SweepRunner>()
            .AddScoped<ForecastSeries>()
            .AddScoped<ResultReader>()
            .AddScoped<ResultWriter>()
            .AddScoped<Performance>()
            .AddScoped<TrainedModels>()
            .AddSingleton(RunHost.Ended);

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        ListStrategiesEndpoint.Map(models);
        CreateModelEndpoint.Map(models);
        ListModelsEndpoint.Map(models);
        GetModelEndpoint.Map(models);
        ReviseModelEndpoint.Map(models);
        DeleteModelEndpoint.Map(models);
        GetForecastEndpoint.Map(models);
        QueueBacktestEndpoint.Map(models);
        ListBacktestsEndpoint.Map(models);
        QueueSweepEndpoint.Map(models);
        ListSweepsEndpoint.Map(models);

        var backtests = api.MapGroup("/backtests").WithTags("Back-tests");
        CompareBacktestsEndpoint.Map(backtests);
        GetBacktestEndpoint.Map(backtests);
        DeleteBacktestEndpoint.Map(backtests);
        ExportBacktestTradesEndpoint.Map(backtests);
        ReportBacktestEndpoint.Map(backtests);

        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        GetSweepEndpoint.Map(sweeps);
        DeleteSweepEndpoint.Map(sweeps);

        var calculations = api.MapGroup("/calculations").WithTags("Calculations");
        CalculateCashFlowsEndpoint.Map(calculations);
        CalculateReturnsEndpoint.Map(calculations);
        CalculateIndicatorsEndpoint.Map(calculations);
    }
}
