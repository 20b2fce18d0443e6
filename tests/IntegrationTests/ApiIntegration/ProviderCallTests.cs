using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Connectors.Http;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>What a call to a provider is: bounded, repeated where that helps, within the budget of all servers, and recorded.</summary>
internal sealed class ProviderCallTests : ProviderTest
{
    private const string Prices = "/api/v3/ticker/price";
    private const string Bitcoin = """[{"symbol":"BTCUSDT","price":"64000.01"}]""";

    private WireMockServer _host = null!;

    [SetUp]
    public async Task StartHost() => _host = await HostAsync("binance");

    [Test]
    public async Task What_passes_by_itself_is_tried_again_and_every_attempt_recorded()
    {
        _host
            .Given(Request.Create().WithPath(Prices))
            .InScenario("passing")
            .WillSetStateTo("over")
            .RespondWith(Response.Create().WithStatusCode(503));
        _host
            .Given(Request.Create().WithPath(Prices))
            .InScenario("passing")
            .WhenStateIs("over")
            .RespondWith(Response.Create().WithBody(Bitcoin));

        Assert.That((await AskAsync()).Single().Price, Is.EqualTo(64000.01m));

        Assert.That(
            await UsageAsync(2),
            Is.EqualTo(
                new (int?, string?, string)[] { (503, "HTTP 503", $"GET {Prices}"), (200, null, $"GET {Prices}") }
            )
        );
        Assert.That(
            await StoredAsync<bool>("select bool_and(is_system) from api_usage u join users on users.id = u.user_id"),
            Is.True
        );
    }

    [TestCase(429)]
    [TestCase(418)]
    public async Task Who_is_told_to_wait_leaves_the_provider_alone_on_every_server(int status)
    {
        Answer(_host, Prices, Response.Create().WithStatusCode(status).WithHeader("Retry-After", "30"));

        var told = Refused(AskAsync, ConnectorFault.RateLimited);
        Answer(_host, Prices, Bitcoin);
        var held = Refused(AskAsync, ConnectorFault.RateLimited);

        Assert.That(_host.LogEntries, Has.Count.EqualTo(1));
        Assert.That(held.RetryAt, Is.EqualTo(Now.AddSeconds(30)).Within(TimeSpan.FromSeconds(5)));
        Assert.That(told.Message, Does.StartWith("binance says that there were too many calls"));
        Assert.That((await UsageAsync(1)).Select(call => call.Status), Is.EqualTo([(int?)status]));
    }

    [TestCase(502, "<html>Bad gateway</html>", ConnectorFault.Unavailable)]
    [TestCase(200, "<html>Down for maintenance</html>", ConnectorFault.ChangedFormat)]
    [TestCase(200, """[{"symbol":"BTCUSDT","price":"-64000"}]""", ConnectorFault.ChangedFormat)]
    [TestCase(302, "", ConnectorFault.Refused)]
    public async Task What_is_no_answer_is_a_recorded_error(int status, string body, ConnectorFault fault)
    {
        Answer(
            _host,
            Prices,
            Response.Create().WithStatusCode(status).WithHeader("Location", $"{_host.Url}/b").WithBody(body)
        );

        Refused(AskAsync, fault);

        Assert.That((await UsageAsync(1)).Select(call => call.Error), Has.All.Not.Null);
        Assert.That(_host.LogEntries.Select(entry => entry.RequestMessage!.Path), Has.All.EqualTo(Prices));
    }

    [Test]
    public async Task An_answer_without_end_is_not_read()
    {
        Answer(_host, Prices, Response.Create().WithBody(new byte[MeteredHandler.MaxAnswer + 1]));

        Assert.That(
            Refused(AskAsync, ConnectorFault.Unavailable).Message,
            Is.EqualTo("binance answered more than is read.")
        );
        Assert.That(_host.LogEntries, Has.Count.EqualTo(1), "once is enough");
    }

    [Test]
    public async Task An_answer_that_unfolds_without_end_is_not_read()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[MeteredHandler.MaxAnswer + 1]);
        }

        Answer(_host, Prices, Response.Create().WithHeader("Content-Encoding", "gzip").WithBody(packed.ToArray()));

        Assert.That(
            Refused(AskAsync, ConnectorFault.Unavailable).Message,
            Is.EqualTo("binance answered more than is read.")
        );
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{", "binance broke off its answer.")]
    [TestCase("SSH-2.0-OpenSSH_9.2p1\r\n", "binance answered what is no HTTP.")]
    [TestCase("HTTP/1.1 999 Go away\r\nContent-Length: 2\r\n\r\n[]", "binance is out of order (HTTP 999).")]
    public async Task An_answer_that_is_none_is_recorded_as_such(string answer, string message)
    {
        await using var host = await RawHostAsync(stream =>
            stream.WriteAsync(Encoding.ASCII.GetBytes(answer)).AsTask()
        );

        Assert.That(Refused(AskAsync, ConnectorFault.Unavailable).Message, Is.EqualTo(message));
        Assert.That((await UsageAsync(1)).Select(call => call.Error), Has.All.Not.Null);
    }

    [Test]
    public async Task An_answer_that_drips_is_not_waited_for()
    {
        await using var server = await TestRun.Server.StartAnotherAsync(builder =>
            builder.Services.AddSingleton(
                new ProviderPatience(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(1200))
            )
        );
        await using var host = await RawHostAsync(async stream =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"u8.ToArray());
            using var drip = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await drip.WaitForNextTickAsync())
            {
                await stream.WriteAsync(" "u8.ToArray());
            }
        });
        var connectors = server.App.Services.GetRequiredService<ConnectorCatalog>();
        var api = connectors.Open(await SiteAsync("binance"), Caller.System);

        Assert.That(
            Refused(() => AskAsync(api), ConnectorFault.Unavailable).Message,
            Is.EqualTo("binance did not answer in time.")
        );
    }

    [Test]
    public async Task What_it_says_of_its_limits_is_believed_within_reason()
    {
        Answer(
            _host,
            Prices,
            Response.Create().WithHeader("X-MBX-USED-WEIGHT-1M", $"{int.MaxValue}").WithBody(Bitcoin)
        );
        await AskAsync();
        Assert.That(await StoredAsync<int>("select used from rate_limit_buckets"), Is.EqualTo(6000));

        await ExecuteAsync("update rate_limit_buckets set used = 0");
        Answer(_host, Prices, Response.Create().WithStatusCode(418).WithHeader("Retry-After", "2000000000"));
        Refused(AskAsync, ConnectorFault.RateLimited);

        Assert.That(
            Refused(AskAsync, ConnectorFault.RateLimited).RetryAt,
            Is.EqualTo(Now.AddDays(3)).Within(TimeSpan.FromMinutes(1))
        );
    }

    [Test]
    public async Task One_record_that_cannot_be_stored_keeps_no_other_from_it()
    {
        Answer(_host, Prices, Bitcoin);
        var usage = Services.GetRequiredService<UsageLog>();
        usage.Add(
            new UsageEntry
            {
                UserId = Caller.System.UserId,
                ProviderId = (await SiteAsync("binance")).Id,
                ApiKeyId = null,
                Endpoint = "GET /\0",
                At = Now,
                Attempt = 1,
                Weight = 1,
            }
        );

        await AskAsync();

        Assert.That((await UsageAsync(1)).Select(call => call.Status), Is.EqualTo([(int?)200]));
    }

    [Test]
    public async Task Who_does_not_answer_in_time_is_not_waited_for()
    {
        await using var server = await TestRun.Server.StartAnotherAsync(builder =>
            builder.Services.AddSingleton(
                new ProviderPatience(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(900))
            )
        );
        Answer(_host, Prices, Response.Create().WithDelay(TimeSpan.FromSeconds(20)).WithBody(Bitcoin));
        var connectors = server.App.Services.GetRequiredService<ConnectorCatalog>();
        var api = connectors.Open(await SiteAsync("binance"), Caller.System);

        var refusal = Refused(() => AskAsync(api), ConnectorFault.Unavailable);

        Assert.That(refusal.Message, Is.EqualTo("binance did not answer in time."));
        await server.App.StopAsync();
        Assert.That(
            await StoredAsync<long>("select count(*) from api_usage where error = 'did not answer in time'"),
            Is.Positive,
            "none lost by a stop"
        );
    }

    [Test]
    public async Task An_address_in_the_network_of_the_host_is_not_called()
    {
        await ExecuteAsync("update api_providers set base_url = 'http://169.254.169.254/' where name = 'binance'");

        Assert.That(
            Refused(AskAsync, ConnectorFault.Unavailable).Message,
            Is.EqualTo("binance lies in a private network, which is not called.")
        );
    }

    [Test]
    public async Task The_provider_s_own_count_is_believed()
    {
        Answer(_host, Prices, Response.Create().WithHeader("X-MBX-USED-WEIGHT-1M", "5999").WithBody(Bitcoin));
        // So long that the next window does not begin meanwhile.
        await ExecuteAsync("update api_providers set rate_limit_window = interval '3000 days' where name = 'binance'");

        await AskAsync();

        Refused(AskAsync, ConnectorFault.RateLimited);
        Assert.That(_host.LogEntries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_last_third_of_what_is_allowed_is_not_for_calls_of_users()
    {
        Answer(_host, Prices, Bitcoin);
        await ExecuteAsync(
            "update api_providers set rate_limit_window = interval '3000 days', rate_limit_count = 12 where name = 'binance'"
        );
        var api = await OpenAsync("binance", new Caller(Guid.CreateVersion7(), null));

        await AskAsync(api);
        await AskAsync(api);

        Refused(() => AskAsync(api), ConnectorFault.RateLimited);
        Assert.That(await AskAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Servers_that_ask_at_once_never_get_more_than_there_is()
    {
        var granted = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(_ =>
                    StoredAsync<bool>(
                        """
                        select is_granted
                        from api_integration.take_weight('00000000-0000-7000-8000-000000000103', 3, interval '3000 days', 20)
                        """
                    )
                )
        );

        Assert.That(granted.Count(isGranted => isGranted), Is.EqualTo(6));
        Assert.That(await StoredAsync<int>("select used from rate_limit_buckets"), Is.EqualTo(18));
    }

    [Test]
    public async Task What_is_recorded_of_somebody_who_is_gone_stops_nothing()
    {
        Answer(_host, Prices, Bitcoin);
        await AskAsync(await OpenAsync("binance", new Caller(Guid.CreateVersion7(), null)));
        await AskAsync(await OpenAsync("binance", Caller.System with { ApiKeyId = Guid.CreateVersion7() }));

        var usage = await UsageAsync(1);

        Assert.That(usage, Has.Count.EqualTo(1));
        Assert.That(await StoredAsync<Guid>("select user_id from api_usage"), Is.EqualTo(Caller.System.UserId));
    }

    private static async Task<IReadOnlyList<MarketPrice>> AskAsync() => await AskAsync(await OpenAsync("binance"));

    private static Task<IReadOnlyList<MarketPrice>> AskAsync(ProviderApi api) =>
        Connectors
            .Find<IConnector>("binance")!
            .PricesAsync(api, [new Market("BTCUSDT", "USDT")], CancellationToken.None);

    private static ConnectorException Refused(Func<Task<IReadOnlyList<MarketPrice>>> ask, ConnectorFault fault)
    {
        var refusal = Assert.ThrowsAsync<ConnectorException>(async () => await ask())!;
        Assert.That(refusal.Fault, Is.EqualTo(fault), refusal.Message);
        return refusal;
    }

    /// <summary>Binance's host, until disposed: it reads a little, answers as told and hangs up.</summary>
    private static async Task<RawHost> RawHostAsync(Func<NetworkStream, Task> answer)
    {
        var host = new RawHost(answer);
        await ExecuteAsync("update api_providers set base_url = @Url where name = 'binance'", new { host.Url });
        return host;
    }

    private sealed class RawHost : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public RawHost(Func<NetworkStream, Task> answer)
        {
            _listener.Start();
            _serving = ServeAsync(answer);
        }

        public string Url => $"http://{_listener.LocalEndpoint}";

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _listener.Dispose();
        }

        private async Task ServeAsync(Func<NetworkStream, Task> answer)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await using var stream = client.GetStream();
                    await stream.ReadExactlyAsync(new byte[16]);
                    try
                    {
                        await answer(stream);
                    }
                    catch (IOException)
                    {
                        // The client has had enough.
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or InvalidOperationException)
            {
                // Stopped, while it waited or before it waited again.
            }
        }
    }
}
