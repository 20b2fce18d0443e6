using System.Net;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class NetworkTargetsTests
{
    [TestCase("https://93.184.215.14/hook", true, true)]
    [TestCase("http://93.184.215.14/hook", false, true)]
    [TestCase("https://127.0.0.1/", false, true)]
    [TestCase("http://127.1:5000/", false, true)]
    [TestCase("https://0x7f000001/", false, true)]
    [TestCase("https://[::1]/", false, true)]
    [TestCase("https://[::ffff:10.0.0.1]/", false, true)]
    [TestCase("https://172.31.255.255/", false, true)]
    [TestCase("https://localhost/", false, true)]
    [TestCase("https://LOCALHOST./", false, true)]
    [TestCase("https://foo.localhost/", false, true)]
    [TestCase("https://localhost.localdomain/", false, true)]
    [TestCase("https://ip6-localhost/", false, true)]
    [TestCase("https://printer.local/", false, true)]
    [TestCase("https://db.internal/", false, true)]
    [TestCase("https://127.0.0.1./", false, true)]
    [TestCase("https://0x7f.1./", false, true)]
    [TestCase("https://[::127.0.0.1]/", false, true)]
    [TestCase("https://[::ffff:0:127.0.0.1]/", false, true)]
    [TestCase("https://[::ffff:0:a9fe:a9fe]/", false, false)]
    [TestCase("https://192.0.2.1/", false, false)]
    [TestCase("https://198.51.100.1/", false, false)]
    [TestCase("https://203.0.113.1/", false, false)]
    [TestCase("https://192.88.99.1/", false, false)]
    [TestCase("https://[2001:db8::1]/", false, false)]
    [TestCase("https://[3fff::1]/", false, false)]
    [TestCase("https://[100::1]/", false, false)]
    [TestCase("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", true, true)]
    [TestCase("https://hooks.localhost.example.invalid/", true, true)]
    [TestCase("https://169.254.169.254/", false, false)]
    [TestCase("https://[::ffff:169.254.169.254]/", false, false)]
    [TestCase("https://[64:ff9b::a9fe:a9fe]/", false, false)]
    [TestCase("https://[fe80::1]/", false, false)]
    [TestCase("https://0.0.0.0/", false, false)]
    [TestCase("https://name.invalid/", true, true)]
    [TestCase("https://①②⑦.0.0.1/", false, false)]
    [TestCase("https://１２７.0.0.1/", false, false)]
    [TestCase("https://%31%32%37.0.0.1/", false, false)]
    [TestCase("https://name.invalid/a?b=c%20d&e=(f)#g", true, true)]
    [TestCase("https://name.invalid/\r\nX: y", false, false)]
    [TestCase("https://name.invalid/a b", false, false)]
    [TestCase("https://name.invalid/\ta", false, false)]
    [TestCase("https://name.invalid/\u0085", false, false)]
    [TestCase("https:\\\\name.invalid", false, false)]
    [TestCase("file:///etc/passwd", false, false)]
    [TestCase("nonsense", false, false)]
    public async Task The_network_that_the_server_stands_in_is_nobodys_target(
        string url,
        bool isPublic,
        bool isAllowedPrivately
    )
    {
        Assert.That(await ComplaintAsync(url, allowsPrivate: false) is null, Is.EqualTo(isPublic));
        Assert.That(await ComplaintAsync(url, allowsPrivate: true) is null, Is.EqualTo(isAllowedPrivately));
    }

    [Test]
    public void A_resolved_address_is_held_to_the_same_rule() =>
        Assert.That(Targets(allowsPrivate: false).Allows(IPAddress.Parse("::ffff:192.168.0.1")), Is.False);

    private static Task<string?> ComplaintAsync(string url, bool allowsPrivate) =>
        Targets(allowsPrivate).ComplaintAsync(url, CancellationToken.None);

    private static NetworkTargets Targets(bool allowsPrivate) =>
        new(new BeaconOptions { Hosting = new() { AllowPrivateNetworkTargets = allowsPrivate } });
}
