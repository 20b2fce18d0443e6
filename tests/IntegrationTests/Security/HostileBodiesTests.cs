using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Security;

/// <summary>What no endpoint may take. The endpoints with a body are those of the OpenAPI document: a new one is held to it without being listed.</summary>
internal sealed class HostileBodiesTests : ApiTest
{
    /// <summary>What a client would like to set by naming it.</summary>
    private static readonly string[] Tempting =
    [
        "id",
        "userId",
        "role",
        "isActive",
        "isSystem",
        "emailVerified",
        "passwordHash",
        "createdAt",
    ];

    private readonly Dictionary<string, string> _resources = [];
    private TestNode _node = null!;
    private HttpClient _http = null!;
    private ApiUser _admin = null!;
    private List<Operation> _operations = [];

    [OneTimeSetUp]
    public async Task StartServerWithoutRateLimits()
    {
        _node = await TestRun.Server.StartAnotherAsync("--CryptoBeacon:RateLimits:Enabled=false");
        _http = new HttpClient { BaseAddress = new Uri(_node.Urls.First()) };
    }

    [OneTimeTearDown]
    public async Task StopServer()
    {
        _http.Dispose();
        await _node.DisposeAsync();
    }

    [SetUp]
    public async Task FindOperations()
    {
        _admin = await ApiUser.SignInAsync(_http, TestServer.AdminEmail, TestServer.AdminPassword);
        var document = (await _admin.GetAsync("~/openapi/v1.json")).ShouldBe(200).Json;
        _operations = [.. Operation.WithJsonBody(document)];
        Assert.That(_operations, Has.Count.GreaterThan(20));

        await KeepAsync("/portfolios", new { name = "Main" });
        await KeepAsync("/watchlists", new { name = "Main" });
        await KeepAsync(
            "/alerts",
            new
            {
                coinId = "bitcoin",
                condition = "above",
                price = "1",
            }
        );
        await KeepAsync(
            "/trades",
            new
            {
                portfolioId = _resources["/portfolios"],
                coinId = "bitcoin",
                type = "buy",
                quantity = "1",
                price = "1",
            }
        );
        (await _admin.PostAsync($"/watchlists/{_resources["/watchlists"]}/items", new { coinId = "bitcoin" })).ShouldBe(
            201
        );
        _resources["/admin/users"] = (await _admin.GetAsync("/me"))["id"]!;
    }

    [Test]
    public async Task Nothing_is_set_by_a_body_that_is_not_its_to_set()
    {
        foreach (var operation in _operations)
        {
            foreach (var property in Tempting.Except(operation.Properties))
            {
                var answer = await SendAsync(operation, $$"""{"{{property}}":"x"}""");
                if (operation.Method == HttpMethod.Patch && (int)answer.Status == 404)
                {
                    // There is nothing to change at an address that this test has made nothing for.
                    Assert.That(PathOf(operation), Does.Contain(Operation.Nobody), operation.ToString());
                    continue;
                }

                answer.ShouldNameField(property);
            }
        }
    }

    [Test]
    public async Task What_is_nested_too_deep_is_a_400_everywhere()
    {
        var deep = $$"""{"x":{{new string('[', 70)}}{{new string(']', 70)}}}""";
        foreach (var operation in _operations)
        {
            (await SendAsync(operation, deep)).ShouldBe(400);
        }
    }

    [Test]
    public async Task What_is_too_large_is_a_413_everywhere()
    {
        foreach (var operation in _operations)
        {
            // A hundred thousand candles take more than what is said in JSON elsewhere.
            var limit = PathOf(operation).EndsWith("/calculations/indicators", StringComparison.Ordinal) ? 32 : 4;
            var large = $$"""{"x":"{{new string('x', limit * 1024 * 1024)}}"}""";
            (await SendAsync(operation, large)).ShouldBe(413);
        }
    }

    [Test]
    public async Task What_is_no_object_is_a_400_everywhere()
    {
        foreach (var operation in _operations)
        {
            foreach (var body in new[] { "", "null", "[]", "\"x\"", "1", "{", """{"a":1,"a":2}""", "\0" })
            {
                var answer = await SendAsync(operation, body);
                Assert.That((int)answer.Status, Is.EqualTo(400), $"{body}: {answer}");
            }
        }
    }

    [Test]
    public async Task An_export_gives_a_spreadsheet_nothing_to_run()
    {
        (
            await _admin.PostAsync(
                "/trades",
                new
                {
                    portfolioId = _resources["/portfolios"],
                    coinId = "bitcoin",
                    type = "buy",
                    quantity = "1",
                    price = "1",
                    exchange = "+x",
                    notes = "=HYPERLINK(\"https://evil.example\")",
                    tags = new[] { "@SUM(A1)", "-1" },
                }
            )
        ).ShouldBe(201);

        var export = (await _admin.GetAsync("/trades/export")).ShouldBe(200);

        Assert.That(export.Text, Does.Contain("HYPERLINK").And.Contain("SUM(A1)"));
        Assert.That(export.Text, Does.Not.Match("""(^|,)"?[=+@]"""));
        Assert.That(export.Text, Does.Not.Match("""(^|,)"?-[^0-9]"""));
    }

    private async Task KeepAsync(string path, object body) =>
        _resources[path] = (await _admin.PostAsync(path, body)).ShouldBe(201)["id"]!;

    private Task<ApiResponse> SendAsync(Operation operation, string body) =>
        _admin.SendRawAsync(operation.Method, PathOf(operation), body);

    private string PathOf(Operation operation) =>
        operation.PathWith(
            _resources
                .FirstOrDefault(kept => operation.Path.StartsWith(kept.Key + "/{", StringComparison.Ordinal))
                .Value
        );

    private sealed record Operation(HttpMethod Method, string Path, IReadOnlyCollection<string> Properties)
    {
        public const string Nobody = "0198f000-0000-7000-8000-000000000001";

        public static IEnumerable<Operation> WithJsonBody(JsonNode document) =>
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            let content = operation.Value!["requestBody"]?["content"]?.AsObject()
            let schema = (content?["application/json"] ?? content?["application/merge-patch+json"])?["schema"]
            // Where CSV goes in, too, the body is a file, with a limit of its own.
            where schema is not null && !content!.ContainsKey("text/csv")
            select new Operation(
                HttpMethod.Parse(operation.Key.ToUpperInvariant()),
                path.Key.Replace("/api/v1", "", StringComparison.Ordinal),
                [.. PropertiesOf(document, schema)]
            );

        public string PathWith(string? id) =>
            Path.Replace("{id}", id ?? Nobody, StringComparison.Ordinal)
                .Replace("{coinId}", "bitcoin", StringComparison.Ordinal);

        private static IEnumerable<string> PropertiesOf(JsonNode document, JsonNode schema)
        {
            var resolved = schema["$ref"] is { } reference
                ? document["components"]!["schemas"]![reference.ToString().Split('/')[^1]]!
                : schema;
            return resolved["properties"]?.AsObject().Select(property => property.Key) ?? [];
        }
    }
}
