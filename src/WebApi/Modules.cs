using CryptoBeacon.Alerts;
using CryptoBeacon.ApiIntegration;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Identity;
using CryptoBeacon.Models;
using CryptoBeacon.Portfolios;
using CryptoBeacon.Trading;
using CryptoBeacon.Watchlists;

namespace CryptoBeacon.WebApi;

/// <summary>The one list of modules: all registration follows from it.</summary>
public static class Modules
{
    public static readonly IReadOnlyList<IModule> All =
    [
        new IdentityModule(),
        new PortfoliosModule(),
        new WatchlistsModule(),
        new TradingModule(),
        new AlertsModule(),
        new ApiIntegrationModule(),
        new ModelsModule(),
    ];
}
