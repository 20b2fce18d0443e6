using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>The connectors there are, and the way to their providers.</summary>
internal sealed class ConnectorCatalog(IEnumerable<IConnector> connectors, IHttpClientFactory clients)
{
    public const string ClientName = "providers";

    /// <summary>The connector of a provider of this name; null: there is none, or none that can do so.</summary>
    public T? Find<T>(string providerName)
        where T : class, IConnector =>
        connectors
            .OfType<T>()
            .FirstOrDefault(connector => connector.Name.Equals(providerName, StringComparison.OrdinalIgnoreCase));

    public ProviderApi Open(ProviderSite site, Caller caller) => new(clients.CreateClient(ClientName), site, caller);

    /// <summary>Every class of the module that is a connector: a new one is found by being there.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddHttpClient(ClientName);
        services.AddSingleton<ConnectorCatalog>();
        foreach (var connector in typeof(IConnector).Assembly.GetTypes().Where(IsConnector))
        {
            services.AddSingleton(typeof(IConnector), connector);
        }
    }

    private static bool IsConnector(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IConnector));
}
