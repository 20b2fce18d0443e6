using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.WebApi.Hosting;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Respawn;
using Respawn.Graph;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>
/// The real server, in this process, on a real port and on a PostgreSQL cluster of its own: one cluster a run, one database for this
/// assembly, an owner that is no superuser.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string AdminEmail = "admin@tests.example";
    public const string AdminPassword = "the administrator of the tests";

    private readonly string _directory;
    private readonly EmbeddedCluster _cluster;
    private readonly string _owner;
    private readonly Respawner _respawner;
    private readonly string[] _coins;
    private readonly string _providers;
    private readonly List<BeaconServer> _stopped = [];

    private TestServer(
        string directory,
        EmbeddedCluster cluster,
        string owner,
        BeaconServer server,
        Respawner respawner,
        string[] coins,
        string providers
    )
    {
        _directory = directory;
        _cluster = cluster;
        _owner = owner;
        Server = server;
        _respawner = respawner;
        _coins = coins;
        _providers = providers;
        Client = NewClient();
    }

    public static Faults Faults { get; } = new();

    public BeaconServer Server { get; }

    public HttpClient Client { get; }

    public Uri Address => new(Server.Urls.First());

    /// <summary>As the superuser, who sees past row-level security: for looking at what is really stored.</summary>
    public string SuperuserConnectionString => AsSuperuser(_cluster, _owner);

    public string OwnerConnectionString => _owner;

    public string Keys => Path.Combine(_directory, "keys");

    /// <summary>The command line of a server of this installation, on a port of its own.</summary>
    public string[] Settings => SettingsOf(_directory, _owner);

    public static async Task<TestServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("crypto-beacon-tests-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // As root PostgreSQL runs as another user, who must be able to get there.
            File.SetUnixFileMode(directory, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        var cluster = await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions(directory)
            {
                // Nothing here outlives the run.
                Settings = new Dictionary<string, string>
                {
                    ["fsync"] = "off",
                    ["full_page_writes"] = "off",
                    ["synchronous_commit"] = "off",
                    // Tests run up to four servers at once, each with its pools.
                    ["max_connections"] = "400",
                },
            },
            NullLogger.Instance,
            CancellationToken.None
        );
        var owner = await cluster.CreateDatabaseAsync("integration_tests", CancellationToken.None);
        var server = await StartServerAsync(SettingsOf(directory, owner), _ => { });

        await using var connection = new NpgsqlConnection(AsSuperuser(cluster, owner));
        await connection.OpenAsync();
        var respawner = await Respawner.CreateAsync(
            connection,
            new RespawnerOptions
            {
                DbAdapter = new DeleteWhatIsThere(),
                SchemasToExclude = ["hangfire", "pg_catalog", "information_schema"],
                // What migrations put there, and the accounts that the server makes once, at its start.
                TablesToIgnore =
                [
                    new Table("platform", "schema_versions"),
                    new Table("platform", "data_protection_keys"),
                    new Table("platform", "idempotency_keys"),
                    new Table("api_integration", "coins"),
                    new Table("identity", "users"),
                    new Table("identity", "user_keys"),
                    new Table("identity", "sessions"),
                    new Table("identity", "refresh_tokens"),
                    // Its trigger must hear of a row that goes.
                    new Table("identity", "mfa_methods"),
                    new Table("identity", "recovery_codes"),
                ],
            }
        );
        var coins = await connection.QueryAsync<string>("select coin_id from api_integration.coins");
        var providers = await connection.QuerySingleAsync<string>(
            "select jsonb_agg(provider)::text from api_integration.api_providers provider"
        );
        return new TestServer(directory, cluster, owner, server, respawner, [.. coins], providers);
    }

    /// <summary>A further server on the same database: another node of the same installation.</summary>
    public Task<TestNode> StartAnotherAsync(params string[] settings) => StartAnotherAsync(_ => { }, settings);

    /// <param name="configure">Replaces what the tests' servers have otherwise, such as the log.</param>
    public async Task<TestNode> StartAnotherAsync(Action<WebApplicationBuilder> configure, params string[] settings)
    {
        var server = await StartServerAsync([.. Settings, .. settings], configure);
        _stopped.Add(server);
        return new TestNode(server);
    }

    /// <summary>Another installation: a server on an empty database of its own, and the superuser's connection to look at it.</summary>
    public async Task<(TestNode Node, string Superuser)> StartInstallationAsync(string name, params string[] settings)
    {
        var (owner, superuser) = await NewDatabaseAsync(name);
        var server = await StartServerAsync([.. SettingsOf(_directory, owner), .. settings], _ => { });
        _stopped.Add(server);
        return (new TestNode(server), superuser);
    }

    /// <summary>An empty database in the same cluster: the owner's connection, and the superuser's to look at it.</summary>
    public async Task<(string Owner, string Superuser)> NewDatabaseAsync(string name)
    {
        var owner = await _cluster.CreateDatabaseAsync(name, CancellationToken.None);
        return (owner, AsSuperuser(_cluster, owner));
    }

    /// <summary>Empties every table but what a new installation has.</summary>
    public async Task ResetAsync()
    {
        await using var connection = new NpgsqlConnection(SuperuserConnectionString);
        await connection.OpenAsync();
        // Triggers keep even a superuser from emptying what is append-only.
        await ExecuteAsync("set session_replication_role = replica");
        await RetryOnDeadlockAsync(() => _respawner.ResetAsync(connection));
        await connection.ExecuteAsync(
            "delete from api_integration.coins where coin_id <> all(@_coins)",
            new { _coins }
        );
        await connection.ExecuteAsync(
            """
            insert into api_integration.api_providers
            select * from jsonb_populate_recordset(null::api_integration.api_providers, @_providers::jsonb)
            """,
            new { _providers }
        );
        await ExecuteAsync("set session_replication_role = origin");
        await using var factors = new NpgsqlCommand("delete from identity.mfa_methods", connection);
        await RetryOnDeadlockAsync(() => factors.ExecuteNonQueryAsync());
        await using var users = new NpgsqlCommand(
            "delete from identity.users where not is_system and email <> $1",
            connection
        )
        {
            Parameters = { new() { Value = AdminEmail } },
        };
        await RetryOnDeadlockAsync(() => users.ExecuteNonQueryAsync());

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public HttpClient NewClient() => new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.App.StopAsync();
        await Server.DisposeAsync();
        foreach (var server in _stopped)
        {
            await server.DisposeAsync();
        }

        NpgsqlConnection.ClearAllPools();
        await _cluster.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static string[] SettingsOf(string directory, string owner) =>
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:CryptoBeacon={owner}",
            $"--CryptoBeacon:DataDirectory={directory}",
            $"--CryptoBeacon:Admin:Email={AdminEmail}",
            $"--CryptoBeacon:Admin:Password={AdminPassword}",
            // Whoever waits for a session's end waits for seconds.
            "--CryptoBeacon:Jwt:SessionFreshnessSeconds=5",
            "--CryptoBeacon:MarketData:Simulated=false",
            "--CryptoBeacon:MarketData:Polling=false",
            "--CryptoBeacon:Hosting:AllowPrivateNetworkTargets=true",
        ];

    private static async Task<BeaconServer> StartServerAsync(string[] settings, Action<WebApplicationBuilder> configure)
    {
        var server = await BeaconServer.CreateAsync(
            settings,
            ServerRole.All,
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(Faults);
                configure(builder);
            },
            CancellationToken.None
        );
        await server.StartAsync(CancellationToken.None);
        return server;
    }

    private static string AsSuperuser(EmbeddedCluster cluster, string owner) =>
        new NpgsqlConnectionStringBuilder(owner)
        {
            Username = "postgres",
            Password = File.ReadAllText(Path.Combine(cluster.DirectoryPath, "postgres.password")),
        }.ConnectionString;

    /// <summary>Background jobs of the last test may still hold rows that a reset wants.</summary>
    private static async Task RetryOnDeadlockAsync(Func<Task> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (PostgresException exception)
                when (exception.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < 20)
            {
                await Task.Delay(25 * attempt);
            }
        }
    }
}

/// <summary>
/// Another server of the same process. Done with, it stops and gives its connections back; the rest is disposed with the run, since Hangfire logs by way of
/// the last server's services, whose end would end the jobs of all.
/// </summary>
internal sealed class TestNode(BeaconServer server) : IAsyncDisposable
{
    public WebApplication App => server.App;

    public IEnumerable<string> Urls => server.Urls;

    public async ValueTask DisposeAsync()
    {
        await server.App.StopAsync();
        await server.App.Services.GetRequiredService<DataSources>().DisposeAsync();
    }
}
