using System.Net;
using System.Net.Sockets;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;

namespace CryptoBeacon.UnitTests.Security;

internal sealed class OutwardHttpTests
{
    [TestCase("localhost")]
    [TestCase("127.0.0.1")]
    [TestCase("2130706433")]
    [TestCase("0x7f.1")]
    [TestCase("[::1]")]
    [TestCase("[::ffff:127.0.0.1]")]
    public void Whatever_a_name_says_a_private_address_is_not_connected_to(string host)
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        using var http = new OutwardHttp(new NetworkTargets(new BeaconOptions()));

        var refused = Assert.ThrowsAsync<HttpRequestException>(() =>
            http.Client.GetAsync(new Uri($"http://{host}:{((IPEndPoint)inside.LocalEndpoint).Port}/"))
        );

        Assert.That(refused!.InnerException, Is.InstanceOf<ForbiddenTargetException>());
        Assert.That(inside.Pending(), Is.False);
    }
}
