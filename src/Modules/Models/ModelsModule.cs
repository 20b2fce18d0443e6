using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Models.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Models;

public sealed class ModelsModule : IModule
{
    public string Name => "models";

    public void AddServices(IServiceCollection services, IConfiguration configuration) { }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var calculations = api.MapGroup("/calculations").WithTags("Calculations");
        CalculateCashFlowsEndpoint.Map(calculations);
        CalculateReturnsEndpoint.Map(calculations);
        CalculateIndicatorsEndpoint.Map(calculations);
    }
}
