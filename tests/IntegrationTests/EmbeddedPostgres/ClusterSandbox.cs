using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.EmbeddedPostgres;

/// <summary>A directory to make clusters in, which vanishes with all that was started in it.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterSandbox : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Fast = new() { ["fsync"] = "off", ["shared_buffers"] = "16MB" };

    private readonly string _root = Directory.CreateTempSubdirectory("cb-").FullName;
    private readonly List<EmbeddedCluster> _started = [];

    public ClusterSandbox()
    {
        OpenToOthers(_root); // as root, PostgreSQL's own user has to get in
        Options = new(Path.Combine(_root, "data"))
        {
            Settings = Fast,
            FallbackDirectory = Path.Combine(_root, "elsewhere"),
        };
        Logger.Said += Log.Add;
    }

    public EmbeddedClusterOptions Options { get; set; }

    public List<string> Log { get; } = [];

    public ListeningLogger Logger { get; } = new();

    public string DataDirectory => Options.DataDirectory;

    public string MakeDirectory(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    public string MakeProgram(string name, string script)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    public async Task<EmbeddedCluster> StartAsync(CancellationToken cancellationToken = default)
    {
        var cluster = await EmbeddedCluster.StartAsync(Options, Logger, cancellationToken);
        _started.Add(cluster);
        return cluster;
    }

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static string PidFileOf(string clusterDirectory) => Path.Combine(clusterDirectory, "data", "postmaster.pid");

    public static Process PostmasterOf(string clusterDirectory) =>
        Process.GetProcessById(
            int.Parse(File.ReadLines(PidFileOf(clusterDirectory)).First(), CultureInfo.InvariantCulture)
        );

    /// <summary>Ends the server as a crash does, and waits until the process is no more.</summary>
    public static async Task KillPostmasterAsync(string clusterDirectory)
    {
        using var postmaster = PostmasterOf(clusterDirectory);
        postmaster.Kill();
        await postmaster.WaitForExitAsync();
    }

    /// <summary>Starts the server of a stopped cluster by hand: what an application that was killed leaves behind.</summary>
    public static async Task StartByHandAsync(string clusterDirectory, int port)
    {
        var data = Path.Combine(clusterDirectory, "data");
        var postgres = File.ReadAllText(Path.Combine(data, "postmaster.opts")).Split(" \"")[0];
        var pgCtl = Path.Combine(Path.GetDirectoryName(postgres)!, "pg_ctl");
        string[] command =
        [
            .. Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : Array.Empty<string>(),
            pgCtl,
            "start",
            "--wait",
            "--silent",
            $"--pgdata={data}",
            $"--log={Path.Combine(clusterDirectory, "server.log")}",
            $"--options=-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''",
        ];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero);
    }

    public static void OpenToOthers(string directory) =>
        File.SetUnixFileMode(directory, (UnixFileMode)Convert.ToInt32("755", 8));

    public static void CloseToOthers(string directory) =>
        File.SetUnixFileMode(directory, (UnixFileMode)Convert.ToInt32("700", 8));

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _started)
            await cluster.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    internal sealed class ListeningLogger : ILogger
    {
        public event Action<string>? Said;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Said?.Invoke(formatter(state, exception));
    }
}
