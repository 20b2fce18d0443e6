using System.Runtime.Versioning;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using Npgsql;
using static CryptoBeacon.IntegrationTests.EmbeddedPostgres.ClusterSandbox;

namespace CryptoBeacon.IntegrationTests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "modes, signals and sockets of Unix")]
public class EmbeddedClusterTests
{
    private ClusterSandbox _sandbox;
    private EmbeddedCluster _cluster;

    [OneTimeSetUp]
    public async Task StartCluster()
    {
        _sandbox = new ClusterSandbox();
        _cluster = await _sandbox.StartAsync();
    }

    [OneTimeTearDown]
    public async Task RemoveSandbox() => await _sandbox.DisposeAsync();

    [Test]
    public async Task A_start_with_nothing_configured_gives_an_owner_who_is_no_superuser_a_database_with_checksums()
    {
        var facts = await ScalarAsync<string[]>(
            _cluster.OwnerConnectionString,
            """
            select array[
                current_user::text,
                current_database()::text,
                r.rolsuper::text,
                r.rolcreaterole::text,
                r.rolbypassrls::text,
                pg_get_userbyid(d.datdba)::text,
                current_setting('data_checksums'),
                current_setting('server_encoding'),
                current_setting('timezone'),
                current_setting('listen_addresses'),
                current_setting('fsync')]
            from pg_roles r, pg_database d
            where r.rolname = current_user and d.datname = current_database()
            """
        );

        Assert.That(
            facts,
            Is.EqualTo(
                new[]
                {
                    "crypto_beacon_owner",
                    "crypto_beacon",
                    "false",
                    "true",
                    "false",
                    "crypto_beacon_owner",
                    "on",
                    "UTF8",
                    "UTC",
                    "127.0.0.1",
                    "off",
                }
            )
        );
    }

    [TestCase("the socket")]
    [TestCase("127.0.0.1")]
    public async Task Nobody_gets_in_without_the_password_over(string way)
    {
        var settings = new NpgsqlConnectionStringBuilder(_cluster.OwnerConnectionString) { Pooling = false };
        if (way == "127.0.0.1")
            settings.Host = way;
        Assert.That(await ScalarAsync<int>(settings.ConnectionString, "select 1"), Is.EqualTo(1));

        settings.Password = "guessed";

        Assert.That(
            async () => await ScalarAsync<int>(settings.ConnectionString, "select 1"),
            Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("28P01")
        );
    }

    [Test]
    public void The_passwords_and_the_socket_are_readable_by_their_owner_alone()
    {
        string[] privateOnes = ["", "data", "socket", "postgres.password", "crypto_beacon_owner.password"];
        var modes = privateOnes.Select(name => File.GetUnixFileMode(Path.Combine(_cluster.DirectoryPath, name)));
        const UnixFileMode others = (UnixFileMode)0x3F; // group's and everybody's bits

        Assert.That(modes, Has.All.Matches<UnixFileMode>(mode => (mode & others) == 0));
    }

    [Test]
    public void A_second_start_says_who_holds_the_directory()
    {
        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws
                .TypeOf<EmbeddedPostgresException>()
                .With.Message.Match($"in use by process {Environment.ProcessId} since 20..-..-.. ..:..:..Z")
        );
    }

    [Test]
    public async Task Another_database_belongs_to_the_owner_whatever_its_name()
    {
        var connectionString = await _cluster.CreateDatabaseAsync("""Tests of "quotes'""", CancellationToken.None);

        await ExecuteAsync(connectionString, "create schema anything");
        Assert.That(
            await ScalarAsync<string>(connectionString, "select current_user || ' in ' || current_database()"),
            Is.EqualTo("""crypto_beacon_owner in Tests of "quotes'""")
        );
    }

    [Test]
    public void Ctrl_C_in_the_terminal_does_not_reach_the_server()
    {
        using var postmaster = PostmasterOf(_cluster.DirectoryPath);

        Assert.That(SessionOf(postmaster.Id), Is.EqualTo(postmaster.Id), "the server leads a session of its own");

        static int SessionOf(int processId)
        {
            var afterTheName = File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1];
            return int.Parse(afterTheName.Split(' ')[3]);
        }
    }
}
