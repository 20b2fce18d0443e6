using CryptoBeacon.ApiIntegration.Connectors.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>The connectors there are, and the way to their providers.</summary>
internal sealed class ConnectorCatalog(
    IEnumerable<IConnector> connectors,
    IHttpClientFactory clients,
    CallBudget budget,
    UsageLog usage,
    TimeProvider clock
)
{
    /// <summary>Every class of the module that is a connector: a new one is found by being there.</summary>
    public static readonly IReadOnlyList<Type> Types =
    [
        .. typeof(IConnector)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IConnector))),
    ];

    /// <summary>The connector of a provider of this name; null: there is none, or none that can do so.</summary>
    public T? Find<T>(string providerName)
        where T : class, IConnector =>
        connectors
            .OfType<T>()
            .FirstOrDefault(connector => connector.Name.Equals(providerName, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names of those that have candles of a kind.</summary>
    public string[] Having(Func<CandleHistory, bool> kind) =>
        [
            .. connectors
                .Where(connector => connector.History is { } history && kind(history))
                .Select(connector => connector.Name),
        ];

    public ProviderApi Open(ProviderSite site, Caller caller) =>
        new(clients.CreateClient(ProviderHttp.ClientName), site, caller, budget, usage, clock);

    public static IServiceCollection Register(IServiceCollection services)
    {
        foreach (var connector in Types)
        {
            services.AddSingleton(typeof(IConnector), connector);
        }

        return services.AddSingleton<ConnectorCatalog>();
    }
}
