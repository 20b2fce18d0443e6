using System.Net;
using System.Net.Sockets;

namespace CryptoBeacon.Application.Security;

/// <summary>
/// HTTP to addresses that users give. Of each connection the resolved address is looked at, which a name can't change afterwards; no proxy stands between,
/// and no redirect leads elsewhere.
/// </summary>
public sealed class OutwardHttp(NetworkTargets targets) : IDisposable
{
    public HttpClient Client { get; } = new(NewHandler(targets)) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>For clients with needs of their own.</summary>
    public static SocketsHttpHandler NewHandler(NetworkTargets targets) =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 8,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, ct) => ConnectAsync(targets, context.DnsEndPoint, ct),
        };

    public void Dispose() => Client.Dispose();

    private static async ValueTask<Stream> ConnectAsync(
        NetworkTargets targets,
        DnsEndPoint target,
        CancellationToken ct
    )
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, ct);
        if (!addresses.All(targets.Allows))
        {
            throw new ForbiddenTargetException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The address leads into a private network.</summary>
public sealed class ForbiddenTargetException() : IOException("The address leads into a private network.");
