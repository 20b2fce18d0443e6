using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Application.Modularity;

/// <summary>
/// All that the host asks of a module. Handlers, validators, EF Core configurations and mapping profiles are found in the module's assembly.
/// </summary>
public interface IModule
{
    /// <summary>The module's PostgreSQL schema, too.</summary>
    string Name { get; }

    IEnumerable<JobDefinition> Jobs => [];

    /// <summary>Where the module keeps what it has sealed.</summary>
    IEnumerable<SealedColumn> SealedColumns => [];

    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <param name="api">The group at <c>/api/v1</c>; everything in it needs a signed-in user unless it says otherwise.</param>
    void MapEndpoints(IEndpointRouteBuilder api);

    /// <summary>The few addresses that a standard puts outside the API, such as <c>/.well-known</c>.</summary>
    void MapRootEndpoints(IEndpointRouteBuilder root) { }
}
