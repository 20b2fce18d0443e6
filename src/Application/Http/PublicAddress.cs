using System.Net;
using CryptoBeacon.Application.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CryptoBeacon.Application.Http;

/// <summary>Where the outside finds the API, for addresses in what leaves the server: as configured, else where this process listens.</summary>
public sealed class PublicAddress(BeaconOptions options, Deployment deployment, IServer server)
{
    /// <param name="pathAndQuery">Such as <c>/api/v1/alerts</c>.</param>
    /// <returns>Null: nobody has said where, and this process serves no API or listens on no address that others could use.</returns>
    public string? Of(string pathAndQuery)
    {
        var home = options.Hosting.PublicUrl ?? (deployment.Role is ServerRole.Worker ? null : Listening());
        return home is null ? null : home.TrimEnd('/') + pathAndQuery;
    }

    private string? Listening() =>
        server
            .Features.Get<IServerAddressesFeature>()
            ?.Addresses.FirstOrDefault(address =>
                Uri.TryCreate(address, UriKind.Absolute, out var uri)
                && !(IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IsAny(ip))
            );

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
