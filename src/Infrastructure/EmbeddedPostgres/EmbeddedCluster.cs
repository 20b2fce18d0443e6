using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>
/// A PostgreSQL of the application's own, for a start with nothing configured: made in the data directory the first
/// time, started and stopped with the application, and reached by nobody without the password.
/// </summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    // A Unix socket's address has 104 bytes on macOS and 108 on Linux, the final zero included.
    private const int LongestSocketPath = 103;
    private const string TemporarySocketDirectory = "crypto-beacon-";
    private const int Attempts = 3;

    private readonly ClusterLock _lock;
    private readonly ClusterFolder _folder;
    private readonly PostgresServer _server;
    private bool _stopped;

    private EmbeddedCluster(ClusterLock @lock, ClusterFolder folder, PostgresServer server) =>
        (_lock, _folder, _server) = (@lock, folder, server);

    public string DirectoryPath => _folder.Path;

    public int Port => _lock.State.Port!.Value;

    /// <summary>For the owner of the application's database, who is no superuser but may create roles.</summary>
    public string OwnerConnectionString => ConnectionStringTo(ClusterFolder.Database);

    /// <summary>
    /// Starts the cluster of a data directory, making it first where there is none. One that was not stopped in order
    /// is recovered.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">The directory is in use, or PostgreSQL can't be had or started.</exception>
    public static async Task<EmbeddedCluster> StartAsync(
        EmbeddedClusterOptions options,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var dataDirectory = RealPathOf(options.DataDirectory);
        // pg_ctl puts the name into double quotes of a shell.
        if (!OperatingSystem.IsWindows() && dataDirectory.IndexOfAny(['"', '$', '`', '\\']) >= 0)
            throw new EmbeddedPostgresException(
                $"PostgreSQL can't be started in {dataDirectory}: its name must not contain \", $, ` or \\. "
                    + "Choose another by CryptoBeacon:DataDirectory."
            );

        var @lock = ClusterLock.Acquire(dataDirectory, options.Clock);
        try
        {
            var steps = new StartSteps(logger);
            var (folder, account) = await ClusterFolder.LocateAsync(options, dataDirectory, logger, cancellationToken);
            var binaries = await PostgresBinaries.FindOrFetchAsync(
                options,
                folder.Home,
                folder.Exists ? folder.MajorVersion : null,
                account,
                logger,
                cancellationToken
            );
            if (!folder.Exists)
            {
                await folder.MakeAsync(binaries, account, options.IsDurable, logger, cancellationToken);
                steps.Done("initdb");
            }

            var server = new PostgresServer(folder, binaries, account, options.Clock, logger);
            await server.StopLeftoverAsync(cancellationToken);
            var cluster = new EmbeddedCluster(@lock, folder, server);
            await cluster.StartServerAsync(options, account, cancellationToken);
            steps.Done("PostgreSQL");
            logger.Started(binaries.MajorVersion, folder.Path, cluster.Port, @lock.State.SocketDirectory);
            return cluster;
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server in order and lets go of the data directory.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        _stopped = true;
        try
        {
            await _server.StopAsync(cancellationToken);
            RemoveTemporarySocketDirectory();
        }
        finally
        {
            _lock.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>Makes another database of the same owner and returns the connection string to it.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "format() quotes the name; DDL takes no parameters")]
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(SuperuserConnectionString());
        await connection.OpenAsync(cancellationToken);
        await using var quote = new NpgsqlCommand("select format('create database %I owner %I', $1, $2)", connection)
        {
            Parameters =
            {
                new() { Value = name },
                new() { Value = ClusterFolder.Owner },
            },
        };
        var statement = (string)(await quote.ExecuteScalarAsync(cancellationToken))!;
        await using var create = new NpgsqlCommand(statement, connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionStringTo(name);
    }

    private async Task StartServerAsync(
        EmbeddedClusterOptions options,
        ServerAccount account,
        CancellationToken cancellationToken
    )
    {
        RemoveTemporarySocketDirectory();
        var socketDirectory = await SocketDirectoryAsync(account, cancellationToken);
        var port = _lock.State.Port is { } last && IsFree(last) ? last : FreePort();

        for (var attempt = 1; ; attempt++)
        {
            _lock.Save(_lock.State with { Port = port, SocketDirectory = socketDirectory });
            try
            {
                var failure = await _server.TryStartAsync(Settings(options, port, socketDirectory), cancellationToken);
                if (failure is null)
                {
                    await using var connection = new NpgsqlConnection(SuperuserConnectionString());
                    await connection.OpenAsync(cancellationToken);
                    return;
                }
                if (
                    attempt == Attempts
                    || !failure.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal)
                )
                    throw new EmbeddedPostgresException(
                        $"PostgreSQL in {_folder.Path} did not start. It said: {failure}"
                    );
                port = FreePort(); // somebody was faster
            }
            catch (Exception exception) when (exception is not EmbeddedPostgresException)
            {
                await _server.StopLeftoverAsync(CancellationToken.None);
                throw;
            }
        }
    }

    private static Dictionary<string, string> Settings(
        EmbeddedClusterOptions options,
        int port,
        string? socketDirectory
    )
    {
        var settings = new Dictionary<string, string>
        {
            ["cluster_name"] = "crypto-beacon",
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = socketDirectory ?? "",
            ["unix_socket_permissions"] = "0700",
            ["password_encryption"] = "scram-sha-256",
            ["max_connections"] = "100",
            ["shared_buffers"] = "128MB",
            ["random_page_cost"] = "1.1", // solid-state disks
            ["wal_compression"] = "on",
            ["jit"] = "off", // short queries: compiling them takes longer than running them
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["lc_messages"] = "C",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
        };
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return settings;
    }

    /// <summary>The cluster's own directory; one for the time being where that can't hold a socket.</summary>
    private async Task<string?> SocketDirectoryAsync(ServerAccount account, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            return null; // TCP alone
        if (CanHoldSocket(_folder.SocketDirectory))
            return _folder.SocketDirectory;

        var temporary = Directory.CreateTempSubdirectory(TemporarySocketDirectory).FullName;
        // Kept at once, so that whatever happens from here on it is found and removed.
        _lock.Save(_lock.State with { SocketDirectory = temporary });
        await account.TakeOverAsync(temporary, cancellationToken);
        return CanHoldSocket(temporary) && await account.CanEnterAsync(temporary, cancellationToken) ? temporary : null;
    }

    // One directory may have several names, over symbolic links; processes and locks know it by this one.
    private static string RealPathOf(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;

        var real = Path.Combine(RealPathOf(parent), Path.GetFileName(full));
        return new DirectoryInfo(real).LinkTarget is { } target
            ? RealPathOf(Path.Combine(Path.GetDirectoryName(real)!, target))
            : real;
    }

    // A comma separates directories for PostgreSQL, and hosts for Npgsql.
    private static bool CanHoldSocket(string directory) =>
        !directory.Contains(',', StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(Path.Combine(directory, ".s.PGSQL.65535")) <= LongestSocketPath;

    private void RemoveTemporarySocketDirectory()
    {
        if (
            _lock.State.SocketDirectory is not { } directory
            || !Path.GetFileName(directory).StartsWith(TemporarySocketDirectory, StringComparison.Ordinal)
        )
            return;
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        _lock.Save(_lock.State with { SocketDirectory = null });
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string ConnectionStringTo(string database) =>
        ConnectionString(ClusterFolder.Owner, _folder.OwnerPassword, database).ConnectionString;

    private string SuperuserConnectionString()
    {
        var settings = ConnectionString(ClusterFolder.Superuser, _folder.SuperuserPassword, "postgres");
        settings.Pooling = false;
        return settings.ConnectionString;
    }

    private NpgsqlConnectionStringBuilder ConnectionString(string username, string password, string database) =>
        new()
        {
            Host = _lock.State.SocketDirectory ?? "127.0.0.1",
            Port = Port,
            Username = username,
            Password = password,
            Database = database,
            // It never leaves the machine: asking for encryption would only cost a round trip.
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
}
