using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Configuration;

namespace CryptoBeacon.Application.Security;

/// <summary>
/// Where users may have the server call: not into the network it stands in. Asked when an address is stored, for a message that helps, and again of
/// the resolved address when it is called, since names change what they mean.
/// </summary>
public sealed partial class NetworkTargets(BeaconOptions options)
{
    private const int MaxLength = 2000;
    private const int IPv4Size = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly IPNetwork[] Private = Ranges(
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128"
    );

    // What IANA's registries of special-purpose addresses call not globally reachable: this host, carriers' own, link-local, protocol assignments,
    // documentation, benchmarks, relays, multicast, reserved; and IPv6 that a router on the way may turn into any IPv4.
    private static readonly IPNetwork[] NeverCalled = Ranges(
        "0.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8"
    );

    // Compatible, mapped and translated: they are the IPv4 address in their last bytes, to whoever still takes them.
    private static readonly IPNetwork[] IPv4InIPv6 = Ranges("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96");

    private readonly bool _allowsPrivate = options.Hosting.AllowPrivateNetworkTargets;

    public bool Allows(IPAddress address)
    {
        address = Unwrap(address);
        return !NeverCalled.Any(range => range.Contains(address))
            && (_allowsPrivate || !Private.Any(range => range.Contains(address)));
    }

    /// <summary>Whom an address that may be called belongs to: scheme, host and port.</summary>
    public static string OriginOf(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);

    /// <summary>Why this can't be called; null when it can. A name that means nothing now may mean something later.</summary>
    public async Task<string?> ComplaintAsync(string url, CancellationToken cancellationToken)
    {
        if (!WrittenOut().IsMatch(url))
        {
            return "must be an address as RFC 3986 writes it: without blanks and control characters, letters other than a-z in punycode or percent-encoded";
        }

        if (
            url.Length > MaxLength
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.UserInfo.Length > 0
            || uri.IdnHost.Contains('%', StringComparison.Ordinal)
            || !(uri.Scheme == Uri.UriSchemeHttps || (_allowsPrivate && uri.Scheme == Uri.UriSchemeHttp))
        )
        {
            return $"must be an https address of at most {MaxLength} characters, without a user in it";
        }

        // "localhost." is localhost, and "127.0.0.1." is 127.0.0.1.
        var host = uri.IdnHost.TrimEnd('.');
        return
            (_allowsPrivate || !LocalName().IsMatch(host)) && (await ResolveAsync(host, cancellationToken)).All(Allows)
            ? null
            : "must not lead into a private network";
    }

    /// <summary>Of an address that may be called otherwise: why not by http, which only leads into one's own network; null when it can. What means nothing now is not known to lead out.</summary>
    public static async Task<string?> PlainComplaintAsync(string url, CancellationToken cancellationToken)
    {
        var uri = new Uri(url);
        return
            uri.Scheme == Uri.UriSchemeHttp
            && (await ResolveAsync(uri.IdnHost.TrimEnd('.'), cancellationToken)).Any(address =>
                !Private.Any(range => range.Contains(Unwrap(address)))
            )
            ? "must be an https address, unless it leads into the network that the server stands in"
            : null;
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

    private static IPAddress Unwrap(IPAddress address) =>
        !IPAddress.IPv6Loopback.Equals(address)
        && !IPAddress.IPv6Any.Equals(address)
        && IPv4InIPv6.Any(range => range.Contains(address))
            ? new IPAddress(address.GetAddressBytes()[^IPv4Size..])
            : address;

    private static IPNetwork[] Ranges(params string[] ranges) => [.. ranges.Select(range => IPNetwork.Parse(range))];

    // The characters of a URI. Uri would escape any other on its own, and the one that calls might see another address than the one that was stored;
    // and without Unicode's data nobody here can tell that ①②⑦.0.0.1 is one.
    [GeneratedRegex(@"\A[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex WrittenOut();

    // Names that mean this machine or its network, whatever a resolver says today (RFC 6761, RFC 6762, ICANN's .internal, /etc/hosts of Debian).
    [GeneratedRegex(
        @"\A((.+\.)?(localhost|localdomain|internal|local)|ip6-.+)\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex LocalName();
}
