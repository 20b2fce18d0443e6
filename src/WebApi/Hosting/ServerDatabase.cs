using System.Security.Cryptography;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.Infrastructure.Persistence.Migrations;
using CryptoBeacon.Infrastructure.Security;
using Npgsql;

namespace CryptoBeacon.WebApi.Hosting;

/// <summary>The server's database: the configured one, or an embedded cluster that lives and ends with this process.</summary>
internal sealed class ServerDatabase : IAsyncDisposable
{
    private readonly EmbeddedCluster? _cluster;

    private ServerDatabase(DatabaseConnections connections, KeyFiles keys, EmbeddedCluster? cluster)
    {
        Connections = connections;
        Keys = keys;
        _cluster = cluster;
    }

    public DatabaseConnections Connections { get; }

    public KeyFiles Keys { get; }

    public bool IsEmbedded => _cluster is not null;

    public DatabaseMigrator Migrator => new(Connections.Owner);

    /// <summary>Connects, or makes and starts the cluster; nothing is migrated yet.</summary>
    public static async Task<ServerDatabase> OpenAsync(
        IConfiguration configuration,
        BeaconOptions options,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var keys = new KeyFiles(options.DataDirectory);
        var owner = configuration.GetConnectionString(BeaconOptions.ConnectionName);
        EmbeddedCluster? cluster = null;
        if (string.IsNullOrWhiteSpace(owner))
        {
            cluster = await EmbeddedCluster.StartAsync(
                new EmbeddedClusterOptions(options.DataDirectory),
                logger,
                cancellationToken
            );
            owner = cluster.OwnerConnectionString;
        }

        var derived = DatabaseLogins.Derive(owner, RoleSecret(options, keys));
        var connections = derived with
        {
            App = configuration.GetConnectionString($"{BeaconOptions.ConnectionName}App") ?? derived.App,
            Worker = configuration.GetConnectionString($"{BeaconOptions.ConnectionName}Worker") ?? derived.Worker,
            Replica = configuration.GetConnectionString($"{BeaconOptions.ConnectionName}Read"),
        };
        return new ServerDatabase(connections, keys, cluster);
    }

    /// <summary>Brings schema and logins to what this version needs.</summary>
    public async Task PrepareAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        await Migrator.UpgradeAsync(cancellationToken);
        if (configuration.GetConnectionString($"{BeaconOptions.ConnectionName}App") is null)
        {
            await DatabaseLogins.EnsureAsync(Connections, cancellationToken);
        }
    }

    /// <summary>Lets the modules do what needs the owner's rights, such as making the first administrator.</summary>
    public async Task RunOwnerTasksAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var owner = await OpenOwnerAsync(cancellationToken);
        foreach (var task in services.GetServices<IOwnerTask>())
        {
            await task.RunAsync(owner, cancellationToken);
        }
    }

    public async Task<NpgsqlConnection> OpenOwnerAsync(CancellationToken cancellationToken)
    {
        // Once a start: not worth a pool.
        var settings = new NpgsqlConnectionStringBuilder(Connections.Owner) { Pooling = false };
        var owner = new NpgsqlConnection(settings.ConnectionString);
        await owner.OpenAsync(cancellationToken);
        return owner;
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static byte[] RoleSecret(BeaconOptions options, KeyFiles keys) =>
        Convert.FromBase64String(
            options.Database.RoleSecret
                ?? keys.GetOrCreate(
                    "database-role-secret",
                    () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
                )
        );
}
