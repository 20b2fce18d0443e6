using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Security;

/// <summary>Every kind of answer tells browsers what not to do with it.</summary>
internal sealed class SecurityHeadersTests : ApiTest
{
    [TestCase("/api/v1/me", 401)]
    [TestCase("/api/v1/auth/login", 405)]
    [TestCase("/api/v1/nowhere", 404)]
    [TestCase("/api/v1/portfolios?limit=0", 400, true)]
    [TestCase("/api/v1/me", 200, true)]
    [TestCase("/api/v1/admin/users", 403, true)]
    [TestCase("/api/v1/alerts/stream", 200, true)]
    [TestCase("/api/v1/trades/export", 200, true)]
    [TestCase("/api/v1/market/coins", 200, true)]
    [TestCase("/%01", 404)]
    [TestCase("/nowhere", 404)]
    [TestCase("/openapi/v1.json", 200)]
    [TestCase("/docs/", 200)]
    [TestCase("/docs/scalar.js", 200)]
    [TestCase("/.well-known/jwks.json", 200)]
    [TestCase("/health/live", 200)]
    [TestCase("/health/ready", 200)]
    [TestCase("/metrics", 200)]
    [TestCase("/admin", 302)]
    [TestCase("/admin/login", 200)]
    [TestCase("/admin/style.css", 200)]
    [TestCase("/hangfire", 302)]
    public async Task It_is_not_framed_sniffed_referred_to_or_shared(string path, int status, bool signedIn = false)
    {
        using var answer = await AskAsync(path, signedIn ? (await SignUpAsync()).AccessToken : null);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(Header(answer, "X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(Header(answer, "X-Frame-Options"), Is.EqualTo("DENY"));
        Assert.That(Header(answer, "Referrer-Policy"), Is.EqualTo("no-referrer"));
        Assert.That(Header(answer, "Cross-Origin-Opener-Policy"), Is.EqualTo("same-origin"));
        Assert.That(Header(answer, "Cross-Origin-Resource-Policy"), Is.EqualTo("same-origin"));
        Assert.That(Header(answer, "Permissions-Policy"), Does.Contain("camera=()").And.Contain("geolocation=()"));
        Assert.That(
            Header(answer, "Content-Security-Policy"),
            Does.Contain("default-src 'none'")
                .And.Contain("frame-ancestors 'none'")
                .And.Contain("base-uri 'none'")
                .And.Not.Contain("unsafe-eval")
                .And.Not.Match("script-src[^;]*unsafe-inline")
        );
        Assert.That(answer.Headers.Contains("Server"), Is.False);
        Assert.That(answer.Headers.Contains("X-Powered-By"), Is.False);
    }

    [TestCase("/admin/login")]
    [TestCase("/admin/style.css")]
    public async Task Our_own_pages_style_nothing_in_place(string path)
    {
        using var answer = await AskAsync(path);

        Assert.That(Header(answer, "Content-Security-Policy"), Does.Not.Contain("unsafe-inline"));
    }

    [Test]
    public async Task Over_https_a_browser_is_told_to_come_by_https_alone()
    {
        // Behind a proxy that ends TLS, which is how it is run.
        await using var node = await TestRun.Server.StartAnotherAsync("--FORWARDEDHEADERS_ENABLED=true");
        using var http = new HttpClient { BaseAddress = new Uri(node.Urls.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/login");
        request.Headers.Host = "beacon.example";
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var answer = await http.SendAsync(request);

        Assert.That(Header(answer, "Strict-Transport-Security"), Does.Match("^max-age=31536000; includeSubDomains"));
        Assert.That(Header(answer, "Set-Cookie"), Does.Contain("secure"));
        using var plain = await AskAsync("/admin/login");
        Assert.That(plain.Headers.Contains("Strict-Transport-Security"), Is.False);
    }

    private static Task<HttpResponseMessage> AskAsync(string path, string? token = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = TestRun.Server.Address,
        };
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
