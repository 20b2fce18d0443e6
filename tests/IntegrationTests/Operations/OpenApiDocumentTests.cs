using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Security;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>The document says of every endpoint what a client must know. The endpoints are those that the server has mapped.</summary>
internal sealed partial class OpenApiDocumentTests : ApiTest
{
    private JsonNode _document = null!;

    [SetUp]
    public async Task Fetch() => _document = (await Anonymous.GetAsync("~/openapi/v1.json")).ShouldBe(200).Json;

    [Test]
    public void Every_endpoint_is_an_operation_with_its_own_name_and_a_summary()
    {
        var operations = Endpoints().Select(Operation).ToList();

        Assert.That(operations.Select(operation => operation["operationId"]?.ToString()), Is.Unique.And.None.Null);
        Assert.That(operations.Select(operation => operation["summary"]?.ToString()), Has.None.Null.And.None.Empty);
        Assert.That(operations.Select(operation => operation["tags"]?[0]?.ToString()), Has.None.Null);
    }

    [Test]
    public void Every_endpoint_says_who_may_call_it()
    {
        foreach (var endpoint in Endpoints())
        {
            var security = Operation(endpoint)["security"]!.AsArray().Single()!.AsObject();
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                Assert.That(security, Is.Empty, endpoint.DisplayName);
            }
            else
            {
                var scope = endpoint.Metadata.GetMetadata<ScopeMetadata>()?.Scope;
                Assert.That(
                    security["bearer"]!.AsArray().Select(item => item!.ToString()),
                    Is.EqualTo(scope is null ? Array.Empty<string>() : [scope])
                );
            }
        }
    }

    [Test]
    public void Every_endpoint_says_how_it_refuses()
    {
        foreach (var endpoint in Endpoints())
        {
            var operation = Operation(endpoint);
            var expected = new List<string> { "429", "default" };
            expected.AddRange(
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? ["401", "403"] : Array.Empty<string>()
            );
            expected.AddRange(endpoint.RoutePattern.Parameters.Count > 0 ? ["400", "404"] : Array.Empty<string>());
            expected.AddRange(operation["requestBody"] is null ? Array.Empty<string>() : ["400", "413", "415"]);

            var answers = operation["responses"]!.AsObject();
            Assert.That(answers.Select(answer => answer.Key), Is.SupersetOf(expected.Distinct()), endpoint.DisplayName);
            Assert.That(answers.Select(answer => answer.Key), Has.Some.StartsWith("2"), endpoint.DisplayName);
        }
    }

    [Test]
    public void Bodies_have_schemas_and_examples()
    {
        var bodies = Descendants(_document["paths"]!)
            .OfType<JsonObject>()
            .SelectMany(node => node)
            .Where(member => member.Key.StartsWith("application/", StringComparison.Ordinal))
            .ToList();

        Assert.That(bodies, Is.Not.Empty);
        Assert.That(bodies.Where(body => body.Value!["schema"] is null || body.Value["example"] is null), Is.Empty);
    }

    [Test]
    public void Every_reference_leads_somewhere()
    {
        var references = Descendants(_document)
            .OfType<JsonObject>()
            .Select(node => node["$ref"]?.ToString())
            .OfType<string>()
            .Distinct()
            .ToList();

        Assert.That(references, Is.Not.Empty);
        Assert.That(references.Where(reference => Resolve(reference) is null), Is.Empty);
    }

    [Test]
    public void Decimals_are_strings_and_requests_may_give_numbers()
    {
        var decimals = Descendants(_document)
            .OfType<JsonObject>()
            .Where(node => node["format"]?.ToString() == "decimal")
            .ToList();

        Assert.That(decimals, Is.Not.Empty);
        Assert.That(decimals.Select(schema => schema["type"]!.ToJsonString()), Has.All.Contains("string"));
        Assert.That(Schema("TradeInput", "quantity")["type"]!.ToJsonString(), Does.Contain("number"));
        Assert.That(Schema("TradeDto", "quantity")["type"]!.ToJsonString(), Does.Not.Contain("number"));
        Assert.That(Schema("TradeDto", "timestamp")["format"]!.ToString(), Is.EqualTo("date-time"));
    }

    [Test]
    public async Task It_is_made_once()
    {
        var first = (await Anonymous.GetAsync("~/openapi/v1.json")).ETag;
        (await Anonymous.GetAsync("~/openapi/v1.json", ("If-None-Match", first!))).ShouldBe(304);
    }

    private static List<RouteEndpoint> Endpoints()
    {
        var endpoints = TestRun
            .Server.Server.App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/api/v1/", StringComparison.Ordinal) == true)
            .ToList();
        Assert.That(endpoints, Has.Count.GreaterThan(20));
        return endpoints;
    }

    private JsonObject Operation(RouteEndpoint endpoint)
    {
        var path = Constraint().Replace(endpoint.RoutePattern.RawText!, "}").TrimEnd('/');
        var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single().ToLowerInvariant();
        Assert.That(_document["paths"]![path]?[method], Is.Not.Null, $"{method} {path} is not in the document");
        return _document["paths"]![path]![method]!.AsObject();
    }

    private JsonNode Schema(string type, string property) =>
        _document["components"]!["schemas"]![type]!["properties"]![property]!;

    private JsonNode? Resolve(string reference) =>
        reference
            .TrimStart('#', '/')
            .Split('/')
            .Aggregate<string, JsonNode?>(_document, (node, name) => (node as JsonObject)?[name]);

    private static IEnumerable<JsonNode> Descendants(JsonNode node) =>
        (
            node switch
            {
                JsonObject members => members.Select(member => member.Value),
                JsonArray items => items,
                _ => Enumerable.Empty<JsonNode?>(),
            }
        )
            .OfType<JsonNode>()
            .SelectMany(Descendants)
            .Prepend(node);

    [GeneratedRegex(@":[^}]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Constraint();
}
