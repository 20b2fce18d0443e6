using System.Net;
using System.Net.Sockets;
using CryptoBeacon.Application.Configuration;

namespace CryptoBeacon.Application.Security;

/// <summary>
/// Where users may have the server call: not into the network it stands in. Asked when an address is stored, for a message that helps, and again of
/// the resolved address when it is called, since names change what they mean.
/// </summary>
public sealed class NetworkTargets(BeaconOptions options)
{
    private const int MaxLength = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly IPNetwork[] Private = Ranges(
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128"
    );

    // This host, carriers' own, link-local, protocol assignments, benchmarks, multicast, reserved; and IPv6 that carries IPv4 inside.
    private static readonly IPNetwork[] NeverCalled = Ranges(
        "0.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8"
    );

    private readonly bool _allowsPrivate = options.Hosting.AllowPrivateNetworkTargets;

    public bool Allows(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !NeverCalled.Any(range => range.Contains(address))
            && (_allowsPrivate || !Private.Any(range => range.Contains(address)));
    }

    /// <summary>Why this can't be called; null when it can. A name that means nothing now may mean something later.</summary>
    public async Task<string?> ComplaintAsync(string url, CancellationToken cancellationToken)
    {
        if (
            url.Length > MaxLength
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.UserInfo.Length > 0
            || !(uri.Scheme == Uri.UriSchemeHttps || (_allowsPrivate && uri.Scheme == Uri.UriSchemeHttp))
        )
        {
            return $"must be an https address of at most {MaxLength} characters, without a user in it";
        }

        var addresses = await ResolveAsync(uri.IdnHost, cancellationToken);
        return addresses.All(Allows) ? null : "must not lead into a private network";
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return [address];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }

    private static IPNetwork[] Ranges(params string[] ranges) => [.. ranges.Select(range => IPNetwork.Parse(range))];
}
