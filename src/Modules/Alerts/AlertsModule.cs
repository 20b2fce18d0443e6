using CryptoBeacon.Alerts.Delivery;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Alerts.Jobs;
using CryptoBeacon.Alerts.Persistence;
using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Modularity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Alerts;

public sealed class AlertsModule : IModule
{
    public string Name => "alerts";

    public IEnumerable<JobDefinition> Jobs =>
        // Asked for with every batch; once a minute besides, in case a batch has outlived all attempts to evaluate it.
        [
            JobDefinition.Of<EvaluateAlertsJob>(AlertJobs.Evaluate, cron: "* * * * *", queue: JobQueues.Urgent),
            JobDefinition.Of<DeliverFiringsJob>(DeliverFiringsJob.Name, cron: "* * * * *"),
        ];

    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services
            .AddScoped<AlertLock>()
            .AddScoped<ICustomAlerts, CustomAlerts>()
            .AddHostedService<BacklogWatch>()
            .AddScoped<FiringStream>()
            .AddScoped<IStreamPasses, StreamPasses>()
            .AddSingleton<ISender, EmailSender>()
            .AddSingleton<ISender, WebhookSender>()
            .AddSingleton<ISender, PushSender>()
            .AddSingleton<ISender, SmsSender>()
            .AddSingleton<DeliveryRound>()
            .AddSingleton(FiringStream.Fired);

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var alerts = api.MapGroup("/alerts").WithTags("Alerts");
        CreateAlertEndpoint.Map(alerts);
        ListAlertsEndpoint.Map(alerts);
        GetAlertEndpoint.Map(alerts);
        ReviseAlertEndpoint.Map(alerts);
        DeleteAlertEndpoint.Map(alerts);
        RearmAlertEndpoint.Map(alerts);
        TryAlertEndpoint.Map(alerts);
        ListFiringsEndpoint.Map(alerts);
        RedeliverFiringEndpoint.Map(alerts);
        StreamFiringsEndpoint.Map(alerts);
        IssueStreamTicketEndpoint.Map(alerts);
    }
}
