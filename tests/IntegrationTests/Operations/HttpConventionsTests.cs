using System.Net;
using System.Text;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>What holds for every path: refusals are problem documents, answers carry their headers.</summary>
internal sealed class HttpConventionsTests : ApiTest
{
    [TestCase("GET", "/nowhere", 404, "not_found")]
    [TestCase("GET", "~/nowhere", 404, "not_found")]
    [TestCase("DELETE", "/auth/login", 405, "method_not_allowed")]
    [TestCase("GET", "/me", 401, "unauthorized")]
    [TestCase("GET", "/portfolios/not-a-uuid", 404, "not_found")]
    public async Task A_refusal_that_no_use_case_chose_is_a_problem(string method, string path, int status, string code)
    {
        var answer = (await Anonymous.SendRawAsync(new HttpMethod(method), path, "")).ShouldRefuse(status, code);

        Assert.That(answer.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(answer["traceId"], Has.Length.EqualTo(32));
    }

    [Test]
    public async Task Another_media_type_is_a_415() =>
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/login", "<login/>", "application/xml")).ShouldRefuse(
            415,
            "unsupported_media_type"
        );

    [Test]
    public async Task A_patch_of_another_media_type_is_a_415()
    {
        var ada = await SignUpAsync();
        (await ada.SendRawAsync(HttpMethod.Patch, "/me", "[]", "application/json-patch+json")).ShouldRefuse(
            415,
            "unsupported_media_type"
        );
    }

    [Test]
    public async Task A_body_of_more_than_four_megabytes_is_a_413() =>
        (
            await Anonymous.SendRawAsync(
                HttpMethod.Post,
                "/auth/login",
                $$"""{"email":"{{new string('a', 5 * 1024 * 1024)}}"}"""
            )
        ).ShouldBe(413);

    [TestCase("/trades?tag=a&tag=b", "tag")]
    [TestCase("/trades?coinId=bitcoin&coinId=bitcoin", "coinId")]
    [TestCase("/trades?from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "to")]
    [TestCase("/trades/export?from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "to")]
    [TestCase("/market/candles/bitcoin?from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "to")]
    [TestCase("/api-usage?from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "to")]
    public async Task A_query_that_says_two_things_or_runs_backwards_names_its_parameter(
        string path,
        string parameter
    ) => (await (await SignUpAsync()).GetAsync(path)).ShouldNameField(parameter);

    [TestCase("""{"email":""", "email")]
    [TestCase("", "body")]
    [TestCase("[]", "body")]
    [TestCase("null", "body")]
    [TestCase("""{"email":5,"password":"x"}""", "email")]
    [TestCase("""{"emial":"a"}""", "emial")]
    [TestCase("""{"email":"a","email":"b"}""", "email")]
    [TestCase("""{"email":"a\u0000b"}""", "email")]
    public async Task A_bad_body_names_its_field(string body, string field) =>
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/register", body)).ShouldNameField(field);

    [TestCase("""{"name":"a","name":"b"}""", "name", "twice")]
    [TestCase("""{"name":"\ud800"}""", "name", "wrong type")]
    [TestCase("""{"name":5}""", "name", "must be a text")]
    [TestCase("""{"nmae":"a"}""", "nmae", "not a property")]
    [TestCase("""{"isDefault":"yes"}""", "isDefault", "wrong type")]
    [TestCase("""{"costBasisMethod":"FIFO"}""", "costBasisMethod", "must be one of fifo, lifo, hifo, average")]
    [TestCase("""{"name":null}""", "name", "is required")]
    [TestCase("""{"name":"a""", "name", "not well-formed")]
    [TestCase("", "body", "not well-formed")]
    [TestCase("null", "body", "must be a JSON object")]
    [TestCase("[]", "body", "wrong type")]
    public async Task A_bad_patch_names_its_field(string body, string field, string message)
    {
        var ada = await SignUpAsync();
        var portfolio = (await ada.PostAsync("/portfolios", new { name = "Main" })).ShouldBe(201);

        var answer = await ada.SendRawAsync(HttpMethod.Patch, $"/portfolios/{portfolio["id"]}", body);

        Assert.That(answer.ShouldNameField(field).Json["errors"]![field]!.ToJsonString(), Does.Contain(message));
    }

    [TestCase("""{"price":"abc"}""", "price")]
    [TestCase("""{"price":0.1234567890123456789}""", "price")]
    [TestCase("""{"price":"12345678901234567890123456789"}""", "price")]
    [TestCase("""{"notificationChannels":["app","fax"]}""", "notificationChannels[1]")]
    [TestCase("""{"expiresAt":"tomorrow"}""", "expiresAt")]
    public async Task A_patch_is_refused_in_the_words_of_a_creation(string body, string field)
    {
        var ada = await SignUpAsync();
        var alert = new
        {
            coinId = "bitcoin",
            condition = "above",
            price = "1",
        };
        var id = (await ada.PostAsync("/alerts", alert)).ShouldBe(201)["id"];

        var patched = await ada.SendRawAsync(HttpMethod.Patch, $"/alerts/{id}", body);
        var created = await ada.SendRawAsync(HttpMethod.Post, "/alerts", body);

        Assert.That(
            patched.ShouldNameField(field).Json["errors"]!.ToJsonString(),
            Is.EqualTo(created.ShouldNameField(field).Json["errors"]!.ToJsonString())
        );
    }

    [Test]
    public async Task A_bad_patch_names_a_nested_field_by_its_path()
    {
        var ada = await SignUpAsync();
        var id = (await ada.PostAsync("/watchlists", new { name = "Main" })).ShouldBe(201)["id"];
        (await ada.PostAsync($"/watchlists/{id}/items", new { coinId = "bitcoin" })).ShouldBe(201);

        foreach (
            var (alert, property) in new[] { ("""{"price":"x"}""", "price"), ("""{"price":1,"price":2}""", "price") }
        )
        {
            (
                await ada.SendRawAsync(
                    HttpMethod.Patch,
                    $"/watchlists/{id}/items/bitcoin",
                    $$"""{"customAlerts":[{"condition":"above","price":1},{{alert}}]}"""
                )
            ).ShouldNameField($"customAlerts[1].{property}");
        }
    }

    [Test]
    public async Task A_body_of_65_levels_is_a_400() =>
        (
            await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/register", new string('[', 65) + new string(']', 65))
        ).ShouldNameField("body");

    [TestCase("/portfolios?limit=abc", "limit")]
    [TestCase("/portfolios?limit=0", "limit")]
    [TestCase("/portfolios?limit=201", "limit")]
    [TestCase("/portfolios?cursor=x%00y", "cursor")]
    [TestCase("/portfolios?cursor=nonsense", "cursor")]
    public async Task A_bad_query_names_its_parameter(string path, string field) =>
        (await (await SignUpAsync()).GetAsync(path)).ShouldNameField(field);

    [Test]
    public async Task Every_answer_tells_browsers_to_do_nothing_with_it()
    {
        foreach (var path in new[] { "/me", "/nowhere", "~/health/live", "~/openapi/v1.json", "~/%01" })
        {
            var answer = await Anonymous.GetAsync(path);
            Assert.That(Header(answer, "X-Content-Type-Options"), Is.EqualTo("nosniff"), path);
            Assert.That(
                Header(answer, "Content-Security-Policy"),
                Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'"),
                path
            );
            Assert.That(Header(answer, "Referrer-Policy"), Is.EqualTo("no-referrer"), path);
            Assert.That(answer.Headers.Contains("Server"), Is.False, path);
        }
    }

    [Test]
    public async Task What_a_user_was_answered_is_kept_nowhere() =>
        Assert.That(Header(await (await SignUpAsync()).GetAsync("/me"), "Cache-Control"), Does.Contain("no-store"));

    [Test]
    public async Task Every_answer_tells_what_is_left()
    {
        var ada = await SignUpAsync();
        var answer = await ada.GetAsync("/me");

        Assert.That(Header(answer, "RateLimit-Policy"), Does.Match("^\"default\";q=\\d+;w=60$"));
        Assert.That(Header(answer, "RateLimit"), Does.Match("^\"default\";r=\\d+;t=\\d+$"));
        Assert.That(
            Header(await Anonymous.PostAsync("/auth/login", new { }), "RateLimit-Policy"),
            Does.StartWith("\"auth\";")
        );
    }

    [Test]
    public async Task Whoever_asks_too_often_is_told_when_to_come_back()
    {
        await using var server = await TestRun.Server.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        // Refused before anything is read, so it costs the server little.
        async Task<HttpResponseMessage> KnockAsync()
        {
            using var body = new StringContent("", Encoding.UTF8, "application/json");
            return await http.PostAsync(new Uri("/api/v1/auth/login", UriKind.Relative), body);
        }

        var answers = new List<HttpResponseMessage>();
        while (answers.Count < 6000 && answers.All(answer => answer.StatusCode != HttpStatusCode.TooManyRequests))
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => KnockAsync())));
        }

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(refused.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("rate_limited"));
        await server.App.StopAsync();
    }

    [Test]
    public async Task Limits_can_be_switched_off()
    {
        await using var server = await TestRun.Server.StartAnotherAsync("--CryptoBeacon:RateLimits:Enabled=false");
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        var answer = await http.GetAsync(new Uri("/api/v1/me", UriKind.Relative));

        Assert.That(answer.Headers.Contains("RateLimit"), Is.False);
        await server.App.StopAsync();
    }

    [Test]
    public async Task Pages_of_other_origins_may_read_only_where_configured()
    {
        await using var server = await TestRun.Server.StartAnotherAsync(
            "--CryptoBeacon:Cors:Origins:0=https://app.example"
        );
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };

        Assert.That(await AllowedOriginAsync(http, "https://app.example"), Is.EqualTo("https://app.example"));
        Assert.That(await AllowedOriginAsync(http, "https://evil.example"), Is.Null);
        Assert.That(await AllowedOriginAsync(TestRun.Server.Client, "https://app.example"), Is.Null);
        await server.App.StopAsync();
    }

    private static async Task<string?> AllowedOriginAsync(HttpClient http, string origin)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/v1/me");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        var answer = await http.SendAsync(preflight);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
    }

    private static string? Header(ApiResponse answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
