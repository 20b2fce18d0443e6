using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.WebApi.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>The real server on a PostgreSQL cluster of its own, with one user signed in; gone afterwards.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly string _directory;
    private readonly EmbeddedCluster _cluster;
    private readonly BeaconServer _server;
    private HttpClient? _admin;

    private Installation(string directory, EmbeddedCluster cluster, BeaconServer server, HttpClient user)
    {
        _directory = directory;
        _cluster = cluster;
        _server = server;
        User = user;
    }

    /// <summary>Signed in.</summary>
    public HttpClient User { get; }

    public IServiceProvider Services => _server.App.Services;

    private const string AdminEmail = "admin@example.com";
    private const string Password = "correct horse battery staple";

    /// <summary>What the product needs on its command line to serve this installation, too.</summary>
    public string[] Arguments => ArgumentsOf(_cluster, _directory);

    public string PostgresLog => Path.Combine(_cluster.DirectoryPath, "server.log");

    /// <summary>Those of the owner, of requests and of jobs.</summary>
    public DatabaseConnections Connections =>
        DatabaseLogins.Derive(
            _cluster.OwnerConnectionString,
            Convert.FromBase64String(File.ReadAllText(Path.Combine(_directory, "keys", "database-role-secret")))
        );

    /// <param name="role">Web: no job runs but what the benchmark itself does.</param>
    /// <param name="explained">Every session can tell its plans: see <see cref="Plans"/>.</param>
    public static async Task<Installation> StartAsync(ServerRole role = ServerRole.All, bool explained = false)
    {
        var directory = Directory.CreateTempSubdirectory("crypto-beacon-benchmarks-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // As root PostgreSQL runs as another user, who must be able to get there.
            File.SetUnixFileMode(directory, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        var cluster = await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions(directory),
            NullLogger.Instance,
            CancellationToken.None
        );
        if (explained)
        {
            await using var superuser = await ConnectAsync(cluster);
            await using var preload = new NpgsqlCommand(
                $"alter database {superuser.Database} set session_preload_libraries = auto_explain",
                superuser
            );
            await preload.ExecuteNonQueryAsync();
        }

        var server = await BeaconServer.CreateAsync(
            [
                "--urls=http://127.0.0.1:0",
                .. ArgumentsOf(cluster, directory),
                "--Logging:LogLevel:Default=Error",
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
                "--CryptoBeacon:RateLimits:Enabled=false",
                $"--CryptoBeacon:Admin:Email={AdminEmail}",
                $"--CryptoBeacon:Admin:Password={Password}",
            ],
            role,
            configure: null,
            CancellationToken.None
        );
        await server.StartAsync(CancellationToken.None);
        var user = new HttpClient { BaseAddress = new Uri(server.Urls.First()), Timeout = TimeSpan.FromMinutes(10) };
        var installation = new Installation(directory, cluster, server, user);
        await installation.PostAsync("/auth/register", new { email = "bench@example.com", password = Password });
        await installation.SignInAsync();
        return installation;
    }

    private static string[] ArgumentsOf(EmbeddedCluster cluster, string directory) =>
        [
            $"--ConnectionStrings:CryptoBeacon={cluster.OwnerConnectionString}",
            $"--CryptoBeacon:DataDirectory={directory}",
            "--CryptoBeacon:MarketData:Simulated=false",
        ];

    /// <summary>Signed in as the administrator.</summary>
    public async Task<HttpClient> AdminAsync()
    {
        if (_admin is null)
        {
            _admin = new HttpClient { BaseAddress = User.BaseAddress, Timeout = User.Timeout };
            await SignInAsync(_admin, AdminEmail);
        }

        return _admin;
    }

    /// <summary>A token lasts a quarter of an hour; some benchmarks take longer.</summary>
    public Task SignInAsync() => SignInAsync(User, "bench@example.com");

    private async Task SignInAsync(HttpClient client, string email)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await AccessTokenAsync(email)
        );
    }

    /// <summary>Of somebody who has the same password as everybody here.</summary>
    public async Task<string> AccessTokenAsync(string email)
    {
        var tokens = await PostAsync("/auth/login", new { email, password = Password });
        return tokens["accessToken"]!.ToString();
    }

    public T Service<T>()
        where T : class => _server.App.Services.GetRequiredService<T>();

    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await User.PostAsJsonAsync($"/api/v1{path}", body);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await User.GetStringAsync($"/api/v1{path}"))!;

    /// <summary>As the superuser, whom row-level security does not concern.</summary>
    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As the superuser.</summary>
    public Task<NpgsqlConnection> ConnectAsync() => ConnectAsync(_cluster);

    private static async Task<NpgsqlConnection> ConnectAsync(EmbeddedCluster cluster)
    {
        var superuser = new NpgsqlConnectionStringBuilder(cluster.OwnerConnectionString)
        {
            Username = "postgres",
            Password = await File.ReadAllTextAsync(Path.Combine(cluster.DirectoryPath, "postgres.password")),
        };
        var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        User.Dispose();
        _admin?.Dispose();
        await _server.App.StopAsync();
        await _server.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await _cluster.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
