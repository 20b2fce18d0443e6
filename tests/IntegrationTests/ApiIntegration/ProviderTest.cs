using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Connectors.Http;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>The vocabulary of tests that call providers: each has a host of its own on the loopback address, which answers as it is told.</summary>
internal abstract class ProviderTest : MarketTest
{
    private readonly Dictionary<string, WireMockServer> _hosts = [];
    private DateTimeOffset _started;

    protected static IServiceProvider Services => TestRun.Server.Server.App.Services;

    protected static ConnectorCatalog Connectors => Services.GetRequiredService<ConnectorCatalog>();

    [SetUp]
    public void NoteTime() => _started = Now;

    [TearDown]
    public void StopHosts()
    {
        foreach (var host in _hosts.Values)
        {
            host.Dispose();
        }

        _hosts.Clear();
    }

    /// <summary>A provider's host, which its row leads to from now on.</summary>
    protected async Task<WireMockServer> HostAsync(string provider)
    {
        if (!_hosts.TryGetValue(provider, out var host))
        {
            _hosts[provider] = host = WireMockServer.Start();
            await ExecuteAsync(
                "update api_integration.api_providers set base_url = @url where name = @provider",
                new { url = host.Url, provider }
            );
        }

        return host;
    }

    protected static void Answer(WireMockServer host, string path, string body, int status = 200) =>
        Answer(host, path, Response.Create().WithStatusCode(status).WithBody(body));

    /// <summary>From now on, whatever the path was answered before.</summary>
    protected static void Answer(WireMockServer host, string path, IResponseBuilder response) =>
        host.Given(Request.Create().WithPath(path).UsingAnyMethod())
            .AtPriority(-host.MappingModels.Count)
            .RespondWith(response);

    protected static async Task<ProviderSite> SiteAsync(string provider)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        var row = await connection.QuerySingleAsync(
            "select id, base_url, rate_limit_window, rate_limit_count from api_integration.api_providers where name = @provider",
            new { provider }
        );
        return new ProviderSite(row.id, provider, new Uri(row.base_url), row.rate_limit_window, row.rate_limit_count);
    }

    protected static async Task<ProviderApi> OpenAsync(string provider, Caller? caller = null) =>
        Connectors.Open(await SiteAsync(provider), caller ?? Caller.System);

    /// <summary>From now on somebody wants the coin's price.</summary>
    protected static async Task WatchAsync(ApiUser user, string coinId) =>
        (
            await user.PostAsync(
                "/alerts",
                new
                {
                    coinId,
                    condition = "above",
                    price = "1000000",
                }
            )
        ).ShouldBe(201);

    /// <summary>As a job would.</summary>
    protected static async Task SendAsync<T>(IRequest<T> command)
    {
        await using var scope = Services.GetRequiredService<IWorkerScopes>().Create();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command);
    }

    protected static async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.ExecuteAsync(sql, parameters);
    }

    /// <summary>The rows of api_usage of this test's calls, oldest first, once there are so many.</summary>
    protected Task<List<(int? Status, string? Error, string Endpoint)>> UsageAsync(int count) =>
        EventuallyAsync(
            async () =>
            {
                await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
                var rows = await connection.QueryAsync<(int?, string?, string)>(
                    """
                    select status_code, error, endpoint from api_integration.api_usage
                    where "timestamp" >= @_started
                    order by "timestamp", id
                    """,
                    new { _started }
                );
                return rows.AsList();
            },
            rows => rows.Count >= count
        );
}
