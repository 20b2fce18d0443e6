using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using Npgsql;
using static CryptoBeacon.IntegrationTests.EmbeddedPostgres.ClusterSandbox;

namespace CryptoBeacon.IntegrationTests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "modes, signals and sockets of Unix")]
public class EmbeddedClusterStartTests
{
    private ClusterSandbox _sandbox;

    [SetUp]
    public void MakeSandbox() => _sandbox = new ClusterSandbox();

    [TearDown]
    public async Task RemoveSandbox() => await _sandbox.DisposeAsync();

    [Test]
    public async Task A_start_after_a_stop_finds_the_data_the_port_and_the_password_again()
    {
        var first = await _sandbox.StartAsync();
        await ExecuteAsync(first.OwnerConnectionString, "create table kept as select 42 as answer");
        await first.StopAsync(CancellationToken.None);
        Assert.That(File.Exists(PidFileOf(first.DirectoryPath)), Is.False);

        var second = await _sandbox.StartAsync();

        Assert.That(second.OwnerConnectionString, Is.EqualTo(first.OwnerConnectionString));
        Assert.That(await ScalarAsync<int>(second.OwnerConnectionString, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task A_port_that_somebody_else_has_taken_is_replaced()
    {
        var first = await _sandbox.StartAsync();
        await first.StopAsync(CancellationToken.None);
        using var somebody = new TcpListener(IPAddress.Loopback, first.Port);
        somebody.Start();

        var second = await _sandbox.StartAsync();

        Assert.That(second.Port, Is.Not.EqualTo(first.Port));
        Assert.That(await ScalarAsync<int>(second.OwnerConnectionString, "select 1"), Is.EqualTo(1));
    }

    [TestCase("it's here, or there")]
    [TestCase(
        "a-directory-whose-name-is-so-long-that-the-address-of-a-unix-socket-in-it-would-not-fit-into-one-hundred-bytes"
    )]
    public async Task The_data_directory_may_be_called(string name)
    {
        _sandbox.Options = _sandbox.Options with { DataDirectory = _sandbox.MakeDirectory(name) };

        var cluster = await _sandbox.StartAsync();

        var socketDirectory = new NpgsqlConnectionStringBuilder(cluster.OwnerConnectionString).Host!;
        Assert.That(await ScalarAsync<int>(cluster.OwnerConnectionString, "select 1"), Is.EqualTo(1));
        Assert.That(File.Exists(Path.Combine(socketDirectory, $".s.PGSQL.{cluster.Port}")), Is.True);

        await cluster.StopAsync(CancellationToken.None);
        Assert.That(
            Directory.Exists(socketDirectory),
            Is.EqualTo(socketDirectory.StartsWith(cluster.DirectoryPath, StringComparison.Ordinal)),
            "a socket directory outside the cluster does not stay"
        );
    }

    [Test]
    public async Task A_data_directory_that_PostgreSQLs_user_cannot_reach_has_its_cluster_elsewhere()
    {
        var home = _sandbox.MakeDirectory("home");
        CloseToOthers(home);
        _sandbox.Options = _sandbox.Options with { DataDirectory = Path.Combine(home, "data") };

        var first = await _sandbox.StartAsync();
        await first.StopAsync(CancellationToken.None);
        OpenToOthers(home);
        var second = await _sandbox.StartAsync();

        // An ordinary user runs PostgreSQL as themselves, and reaches what is theirs.
        var isElsewhere = Environment.IsPrivilegedProcess;
        var expected = isElsewhere ? _sandbox.Options.FallbackDirectory : _sandbox.DataDirectory;
        Assert.That(first.DirectoryPath, Does.StartWith(expected));
        Assert.That(
            _sandbox.Log,
            isElsewhere
                ? Has.Some.Contains($"can't reach {_sandbox.DataDirectory}: the cluster is in {first.DirectoryPath}")
                : Has.None.Contains("can't reach")
        );
        Assert.That(
            second.DirectoryPath,
            Is.EqualTo(first.DirectoryPath),
            "a cluster that exists is never left behind"
        );
    }

    [Test]
    public void A_name_that_the_shell_of_pg_ctl_would_read_is_refused()
    {
        _sandbox.Options = _sandbox.Options with { DataDirectory = _sandbox.MakeDirectory("$(touch it)") };

        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws.TypeOf<EmbeddedPostgresException>().With.Message.Contains("its name must not contain")
        );
    }
}
