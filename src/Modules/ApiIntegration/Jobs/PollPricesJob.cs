using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.ApiIntegration.Jobs;

/// <summary>Once a minute; how often a provider is really asked stands in its row.</summary>
internal sealed class PollPricesJob<TConnector>(IMediator mediator, Polling polling) : IJob
    where TConnector : IConnector
{
    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        polling.IsOn
            ? mediator.Send(new PollPrices(Polling.NameOf(typeof(TConnector))), cancellationToken)
            : Task.CompletedTask;
}

/// <summary>Whether providers are polled: unless told, where prices are not simulated.</summary>
internal sealed class Polling(BeaconOptions options, Deployment deployment)
{
    public bool IsOn => options.MarketData.Polling ?? !IsSimulated;

    /// <summary>Whether the built-in provider is.</summary>
    public bool IsSimulated => options.MarketData.Simulated ?? deployment.HasEmbeddedDatabase;

    /// <summary>One for each connector there is; the built-in one has <see cref="SimulatedClock"/>.</summary>
    public static IEnumerable<JobDefinition> Jobs =>
        ConnectorCatalog
            .Types.Where(connector => connector != typeof(Simulated))
            .Select(connector => new JobDefinition(
                $"api_integration.poll_{NameOf(connector)}",
                typeof(PollPricesJob<>).MakeGenericType(connector),
                Cron: "* * * * *"
            ));

    /// <summary>A connector's class is called like its provider.</summary>
    public static string NameOf(Type connector) => connector.Name.ToLowerInvariant();
}
