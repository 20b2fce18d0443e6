using System.Diagnostics;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>A cluster and servers of a test's own, each of which may be killed without harm to other tests.</summary>
internal sealed class OwnInstallation : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("crypto-beacon-own-").FullName;
    private readonly ServerProcess?[] _servers;
    private EmbeddedCluster _cluster = null!;

    private OwnInstallation(int servers) => _servers = new ServerProcess?[servers];

    public string Superuser =>
        new NpgsqlConnectionStringBuilder(_cluster.OwnerConnectionString)
        {
            Username = "postgres",
            Password = File.ReadAllText(Path.Combine(_cluster.DirectoryPath, "postgres.password")),
            Pooling = false,
        }.ConnectionString;

    public static async Task<OwnInstallation> StartAsync(int servers)
    {
        var place = new OwnInstallation(servers);
        if (!OperatingSystem.IsWindows())
        {
            // As root PostgreSQL runs as another user, who must be able to get there.
            File.SetUnixFileMode(place._directory, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        await place.StartDatabaseAsync();
        // The first one makes the schema.
        for (var index = 0; index < servers; index++)
        {
            await place.StartServerAsync(index);
        }

        return place;
    }

    public Task<Uri> AddressAsync() => _servers[0]!.AddressAsync();

    public async Task<T> AskAsync<T>(Func<HttpClient, Task<T>> ask)
    {
        using var http = new HttpClient { BaseAddress = await AddressAsync() };
        return await ask(http);
    }

    /// <summary>By SIGKILL, in the middle of whatever it does; another takes its place.</summary>
    public async Task KillServerAsync(int index)
    {
        _servers[index]!.Dispose();
        await StartServerAsync(index);
    }

    /// <summary>As <c>pg_ctl stop -m immediate</c>: SIGQUIT, and recovery from the log at the next start.</summary>
    public async Task StopDatabaseAtOnceAsync()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(_cluster.DirectoryPath, "data", "postmaster.pid"));
        using (var kill = Process.Start("kill", ["-QUIT", lines[0]]))
        {
            await kill.WaitForExitAsync();
        }

        await _cluster.DisposeAsync();
        await StartDatabaseAsync();
        // The database alone: what has piled up meanwhile may take its time.
        await ApiTest.EventuallyAsync(
            () => AskAsync(http => new ApiClient(http).GetAsync("~/health/ready")),
            health => (string?)health.Json["checks"]!["database"]!["status"] == "healthy",
            Patience
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server?.Dispose();
        }

        await _cluster.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartDatabaseAsync() =>
        _cluster = await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions(_directory) { Settings = new Dictionary<string, string> { ["fsync"] = "off" } },
            NullLogger.Instance,
            CancellationToken.None
        );

    private async Task StartServerAsync(int index)
    {
        _servers[index] = ServerProcess.Start(
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:CryptoBeacon={_cluster.OwnerConnectionString}",
            $"--CryptoBeacon:DataDirectory={_directory}",
            $"--CryptoBeacon:Admin:Email={TestServer.AdminEmail}",
            $"--CryptoBeacon:Admin:Password={TestServer.AdminPassword}",
            "--CryptoBeacon:MarketData:Simulated=false",
            "--CryptoBeacon:RateLimits:Enabled=false"
        );
        await _servers[index]!.AddressAsync();
    }
}
