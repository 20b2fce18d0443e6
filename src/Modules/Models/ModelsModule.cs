using CryptoBeacon.Application.Modularity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Models;

public sealed class ModelsModule : IModule
{
    public string Name => "models";

    public void AddServices(IServiceCollection services, IConfiguration configuration) { }

    public void MapEndpoints(IEndpointRouteBuilder api) { }
}
