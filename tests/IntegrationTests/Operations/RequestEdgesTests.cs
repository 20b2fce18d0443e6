using System.Net.Sockets;
using System.Text;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>Requests at the edge of HTTP: other methods, sizes and media types than the usual.</summary>
internal sealed class RequestEdgesTests : ApiTest
{
    [TestCase("~/health/live", 200)]
    [TestCase("~/openapi/v1.json", 200)]
    [TestCase("~/metrics", 200)]
    [TestCase("/me", 200)]
    [TestCase("/portfolios?limit=1", 200)]
    [TestCase("/portfolios?limit=0", 400)]
    [TestCase("/portfolios/01900000-0000-7000-8000-000000000000", 404)]
    [TestCase("/nowhere", 404)]
    [TestCase("/auth/login", 405)]
    [TestCase("/alerts/stream", 405)]
    [TestCase("/market/prices/stream?coinIds=bitcoin", 405)]
    public async Task Head_is_get_without_its_body(string path, int status)
    {
        var ada = await SignUpAsync();
        var answer = (await ada.SendRawAsync(HttpMethod.Head, path, "")).ShouldBe(status);

        Assert.That(answer.Text, Is.Empty);
        Assert.That(answer.MediaType, Is.Not.Null);
    }

    [TestCase("~/health/live")]
    [TestCase("~/health/ready")]
    [TestCase("~/metrics")]
    public async Task What_is_only_looked_at_takes_no_post(string path) =>
        (await Anonymous.PostAsync(path, new { })).ShouldRefuse(405, "method_not_allowed");

    [Test]
    public async Task A_path_of_more_than_eight_thousand_characters_is_a_414() =>
        (await Anonymous.GetAsync($"/coins?search={new string('a', 9000)}")).ShouldRefuse(414, "uri_too_long");

    [Test]
    public async Task Headers_of_more_than_32_thousand_characters_are_a_431() =>
        (await Anonymous.GetAsync("/coins", ("X-Long", new string('a', 33_000)))).ShouldRefuse(
            431,
            "request_header_fields_too_large"
        );

    [TestCase("/admin/market/candles?coinId=bitcoin&currency=USD&interval=1m")]
    [TestCase("/trades/import?portfolioId=01900000-0000-7000-8000-000000000000")]
    public async Task An_import_asks_who_is_there_before_what_it_is_sent(string path)
    {
        var admin = await AdminAsync();

        (await Anonymous.SendRawAsync(HttpMethod.Post, path, "<a/>", "application/xml")).ShouldBe(401);
        (await Anonymous.PostCsvAsync(path, "a,b")).ShouldBe(401);
        foreach (var mediaType in new[] { "application/xml", null })
        {
            var refused = (await admin.SendRawAsync(HttpMethod.Post, path, "a,b", mediaType)).ShouldRefuse(
                415,
                "unsupported_media_type"
            );
            Assert.That(refused["detail"], Does.Contain("text/csv"));
        }
    }

    [TestCase("Content-Length: 1000\r\n\r\n{")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n100\r\n{")]
    public async Task Who_hangs_up_half_way_through_a_body_is_no_error_of_the_server(string beginning)
    {
        var log = new LogRecorder();
        await using var server = await TestRun.Server.StartAnotherAsync(builder =>
            builder.Logging.ClearProviders().AddProvider(log).AddFilter(null, LogLevel.Information)
        );
        var address = new Uri(server.Urls.First());

        // Some are gone before their fault is told to them, and some while it is.
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient(address.Host, address.Port);
            await client
                .GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{beginning}"
                    )
                );
            client.LingerState = new LingerOption(i % 2 == 0, 0);
        }

        await EventuallyAsync(
            () => Task.FromResult(log.Entries.Any(entry => entry.Contains("/auth/login", StringComparison.Ordinal))),
            isSeen => isSeen
        );
        await server.App.StopAsync();

        Assert.That(log.Entries.Where(entry => entry.Contains("Exception", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("/auth/login")]
    [TestCase("/portfolios")]
    public async Task A_json_body_says_what_it_is(string path) =>
        (await (await SignUpAsync()).SendRawAsync(HttpMethod.Post, path, "{}", mediaType: null)).ShouldRefuse(
            415,
            "unsupported_media_type"
        );
}
