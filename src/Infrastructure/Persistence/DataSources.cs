using System.Diagnostics;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>As whom a session logs in. Requests and jobs never share a login, and neither is the owner.</summary>
public enum DatabaseLogin
{
    App,
    Worker,
}

/// <summary>The connection strings of a running server; the owner's is for migrations and maintenance alone.</summary>
/// <param name="Replica">
/// Where queries outside a transaction go, as the login of <paramref name="App"/>; null: where everything goes. To keep "read your writes" the replica must
/// apply before a commit returns (<c>synchronous_commit = remote_apply</c>).
/// </param>
public sealed record DatabaseConnections(string Owner, string App, string Worker, string? Replica = null);

/// <summary>One pool a login, for the life of the process.</summary>
public sealed class DataSources : IAsyncDisposable
{
    // Two cores keep four to eight connections busy; more buys throughput with tail latency.
    private const int AppPoolSize = 8;
    private const int WorkerPoolSize = 8;
    private const int HangfirePoolSize = 24;
    private const int ExportPoolSize = 4;

    public DataSources(DatabaseConnections connections)
    {
        App = Build(connections.App, "crypto-beacon", AppPoolSize, commandSeconds: DbSession.CommandSeconds);
        Worker = Build(
            connections.Worker,
            "crypto-beacon jobs",
            WorkerPoolSize,
            commandSeconds: DbSession.CommandSeconds
        );
        Replica = connections.Replica is { } replica ? Build(replica, "crypto-beacon reads", AppPoolSize) : null;
        // Hangfire sets session settings and takes session locks, so its connections are reset and its own.
        Hangfire = Build(connections.Worker, "crypto-beacon hangfire", HangfirePoolSize, resetOnClose: true);
        // Whoever reads slowly keeps a connection for long.
        Exports = Build(connections.Replica ?? connections.App, "crypto-beacon exports", ExportPoolSize);
        // LISTEN stays with its session, and one that died in silence must be found out.
        Listeners = Build(
            new NpgsqlConnectionStringBuilder(connections.Worker) { Pooling = false, KeepAlive = 10 }.ConnectionString,
            "crypto-beacon listener",
            poolSize: 1
        );
    }

    public NpgsqlDataSource App { get; }

    public NpgsqlDataSource Worker { get; }

    public NpgsqlDataSource? Replica { get; }

    public NpgsqlDataSource Hangfire { get; }

    /// <summary>As requests, for answers that take minutes.</summary>
    public NpgsqlDataSource Exports { get; }

    /// <summary>Each of its connections is a new one, outside the pools.</summary>
    public NpgsqlDataSource Listeners { get; }

    public NpgsqlDataSource For(DatabaseLogin login) => login == DatabaseLogin.App ? App : Worker;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (Replica is not null)
        {
            await Replica.DisposeAsync();
        }

        await Worker.DisposeAsync();
        await Hangfire.DisposeAsync();
        await Exports.DisposeAsync();
        await Listeners.DisposeAsync();
    }

    private static NpgsqlDataSource Build(
        string connectionString,
        string applicationName,
        int poolSize,
        bool resetOnClose = false,
        int? commandSeconds = null
    )
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.ApplicationName = applicationName;
        settings.MaxPoolSize = poolSize;
        // A commit has no limit of its own and takes this one: it checks the deferred keys of every row, of which an import has written millions.
        settings.CommandTimeout = commandSeconds ?? settings.CommandTimeout;
        settings.MaxAutoPrepare = 200;
        settings.AutoPrepareMinUsages = 2;
        // Saves a round trip a borrow. Allowed because every setting is transaction-local.
        settings.NoResetOnClose = !resetOnClose;
        // Only what a request or a job asks: the polling of queues in between would bury a collector in traces of one statement.
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null));
        return builder.Build();
    }
}
