using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Watchlists.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Watchlists;

public sealed class WatchlistsModule : IModule
{
    public string Name => "watchlists";

    public void AddServices(IServiceCollection services, IConfiguration configuration) { }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var watchlists = api.MapGroup("/watchlists").WithTags("Watchlists");
        ListWatchlistsEndpoint.Map(watchlists);
        CreateWatchlistEndpoint.Map(watchlists);
        GetWatchlistEndpoint.Map(watchlists);
        ReviseWatchlistEndpoint.Map(watchlists);
        DeleteWatchlistEndpoint.Map(watchlists);
        ArrangeWatchlistEndpoint.Map(watchlists);

        var items = watchlists.MapGroup("/{id:guid}/items");
        WatchCoinEndpoint.Map(items);
        GetWatchlistItemEndpoint.Map(items);
        ReviseWatchlistItemEndpoint.Map(items);
        UnwatchCoinEndpoint.Map(items);
    }
}
