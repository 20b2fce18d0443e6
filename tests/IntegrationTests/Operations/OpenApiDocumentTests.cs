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
            var operation = Operation(endpoint);
            var accepted = operation["security"]!.AsArray().Select(requirement => requirement!.AsObject()).ToList();
            var isAnonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var scope = endpoint.Metadata.GetMetadata<ScopeMetadata>()?.Scope;

            Assert.That(isAnonymous || scope is not null, $"{endpoint.DisplayName} asks for no scope");
            Assert.That(accepted.Any(requirement => requirement.Count == 0), Is.EqualTo(isAnonymous));
            Assert.That(
                accepted
                    .SelectMany(requirement => requirement["bearer"]?.AsArray().ToArray() ?? [])
                    .Select(item => $"{item}"),
                Is.EqualTo(scope is null ? Array.Empty<string>() : [scope]),
                endpoint.DisplayName
            );
            Assert.That(
                operation["description"]!.ToString(),
                Does.Contain(
                    scope switch
                    {
                        null => "Needs nobody to be signed in",
                        "admin" => "administrator",
                        "session" => "has signed in",
                        _ => $"the scope `{scope}`",
                    }
                )
            );
        }
    }

    [Test]
    public void Requests_say_what_they_must_have_and_how_long_it_may_be()
    {
        Assert.That(Required("AlertInput"), Is.EquivalentTo(new[] { "coinId", "condition", "price" }));
        Assert.That(Required("RegisterInput"), Is.EquivalentTo(new[] { "email", "password" }));
        Assert.That(Required("PriceQuote"), Is.EquivalentTo(new[] { "coinId", "currency", "price" }));
        Assert.That(Required("CustomAlert"), Is.EquivalentTo(new[] { "condition", "price" }));
        Assert.That($"{Schema("TradeInput", "notes")["maxLength"]}", Is.EqualTo("4000"));
        Assert.That($"{Schema("TradeInput", "tags")["maxItems"]}", Is.EqualTo("20"));
        Assert.That($"{Schema("TradeInput", "tags")["items"]!["maxLength"]}", Is.EqualTo("50"));
        Assert.That($"{Schema("AlertInput", "coinId")["pattern"]}", Is.EqualTo("^[a-z0-9][a-z0-9-]{0,63}$"));
        Assert.That(
            $"{Schema("AlertInput", "condition")["oneOf"]!.AsArray().Single()!["$ref"]}",
            Does.EndWith("/AlertCondition")
        );
    }

    [Test]
    public void What_creation_fills_in_need_not_be_sent()
    {
        Assert.That(Required("PortfolioInput"), Is.EquivalentTo(new[] { "name" }));
        Assert.That($"{Schema("PortfolioInput", "currency")["default"]}", Is.EqualTo("USD"));
    }

    [Test]
    public void A_merge_patch_must_have_nothing() =>
        Assert.That(_document["components"]!["schemas"]!["AlertInputPatch"]!["required"], Is.Null);

    [Test]
    public void Lists_say_what_is_in_them() =>
        Assert.That(
            Descendants(_document)
                .OfType<JsonObject>()
                .Where(node => node["type"]?.ToJsonString().Contains("\"array\"", StringComparison.Ordinal) == true)
                .Where(node => node["items"] is null)
                .Select(node => node.GetPath()),
            Is.Empty
        );

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

    private IEnumerable<string> Required(string type) =>
        _document["components"]!["schemas"]![type]!["required"]!.AsArray().Select(name => name!.ToString());

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
