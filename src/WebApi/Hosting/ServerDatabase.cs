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
internal sealed class ServerDatabase(IConfiguration configuration, BeaconOptions options) : IAsyncDisposable
{
    private readonly string? _owner = configuration.GetConnectionString(BeaconOptions.ConnectionName);
    private EmbeddedCluster? _cluster;
    private DatabaseConnections? _connections;

    /// <summary>There are none before it is open.</summary>
    public DatabaseConnections Connections =>
        _connections ?? throw new InvalidOperationException("The database is not open.");

    public KeyFiles Keys { get; } = new(options.DataDirectory);

    public bool IsEmbedded => string.IsNullOrWhiteSpace(_owner);

    public DatabaseMigrator Migrator => new(Connections.Owner);

    /// <summary>Makes and starts the cluster, unless a database is configured; nothing is migrated yet.</summary>
    public async Task OpenAsync(ILogger logger, CancellationToken cancellationToken)
    {
        if (IsEmbedded)
        {
            _cluster = await EmbeddedCluster.StartAsync(
                new EmbeddedClusterOptions(options.DataDirectory),
                logger,
                cancellationToken
            );
        }

        var derived = DatabaseLogins.Derive(_cluster?.OwnerConnectionString ?? _owner!, RoleSecret());
        _connections = derived with
        {
            App = configuration.GetConnectionString($"{BeaconOptions.ConnectionName}App") ?? derived.App,
            Worker = configuration.GetConnectionString($"{BeaconOptions.ConnectionName}Worker") ?? derived.Worker,
            Replica = configuration.GetConnectionString($"{BeaconOptions.ConnectionName}Read"),
        };
    }

    /// <summary>Brings schema and logins to what this version needs.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
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

    private byte[] RoleSecret() =>
        Convert.FromBase64String(
            options.Database.RoleSecret
                ?? Keys.GetOrCreate(
                    "database-role-secret",
                    () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
                )
        );
}
