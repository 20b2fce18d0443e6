using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>
/// Every property of every JSON body, wrong in every way that the contract names: a 400 that names it. Operations and properties are those of the
/// API's own document, so that a new endpoint is held to this without a word here.
/// </summary>
internal sealed class BadInputTests : ApiTest
{
    private const string Unknown = "noSuchProperty";

    /// <summary>What a right body has beside what the document requires.</summary>
    private static readonly Dictionary<string, JsonObject> Besides = new()
    {
        ["TradeInput"] = new() { ["price"] = "1" },
    };

    private JsonNode _document = null!;
    private ApiClient _admin = null!;
    private string _portfolio = "";
    private string _provider = "";

    [Test]
    public async Task Every_property_wrong_in_every_way_is_a_400_that_names_it()
    {
        // As many requests as this are what rate limits are for.
        await using var server = await TestRun.Server.StartAnotherAsync("--CryptoBeacon:RateLimits:Enabled=false");
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        _admin = await ApiUser.SignInAsync(http, TestServer.AdminEmail, TestServer.AdminPassword);
        _document = (await _admin.GetAsync("~/openapi/v1.json")).ShouldBe(200).Json;
        _portfolio = (await _admin.PostAsync("/portfolios", new { name = "Main" })).ShouldBe(201)["id"]!;
        _provider = (
            await _admin.PostAsync("/admin/providers", new { name = "Nowhere", baseUrl = "https://api.example.com" })
        ).ShouldBe(201)["id"]!;

        var (asked, faults) = (0, new List<string>());
        foreach (var (path, method, body) in Operations())
        {
            var target = await ResourceAsync(path);
            foreach (var (field, json) in WrongBodies(method, body))
            {
                asked++;
                var answer = await _admin.SendRawAsync(new HttpMethod(method), target, json);
                if (!Names(answer, field))
                {
                    faults.Add($"{field} in {json}: {answer}");
                }
            }
        }

        Assert.That(asked, Is.GreaterThan(500));
        Assert.That(faults, Is.Empty, string.Join('\n', faults));
    }

    private static bool Names(ApiResponse answer, string field) =>
        (int)answer.Status == 400
        && answer.Json["errors"] is JsonObject errors
        && errors.Any(error =>
            error.Key == field
            || error.Key.StartsWith($"{field}[", StringComparison.Ordinal)
            || error.Key.StartsWith($"{field}.", StringComparison.Ordinal)
        );

    private IEnumerable<(string Path, string Method, JsonObject Body)> Operations() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        let body = operation.Value!["requestBody"]?["content"]?["application/json"] as JsonObject
        where body is not null
        select (path.Key, operation.Key.ToUpperInvariant(), body);

    /// <summary>The path of something that is there, made by the POST of each collection on the way.</summary>
    private async Task<string> ResourceAsync(string template)
    {
        var (path, prefix) = ("", "");
        foreach (var segment in template.TrimStart('/').Split('/'))
        {
            var collection = _document["paths"]![prefix]?["post"]?["requestBody"]?["content"]?["application/json"];
            var made =
                segment.StartsWith('{') && collection is JsonObject body
                    ? await _admin.PostAsync(path, RightBody(body))
                    : null;
            path +=
                "/"
                + segment switch
                {
                    "{coinId}" => "bitcoin",
                    "{id}" when made is not null => made.ShouldBe(201)["id"],
                    "{id}" when prefix == "/api/v1/admin/users" => (
                        await SignUpAsync() is var user ? await IdOfAsync(user) : ""
                    ),
                    _ when segment.StartsWith('{') => Guid.CreateVersion7().ToString(),
                    _ => segment,
                };
            prefix += "/" + segment;
        }

        return path;
    }

    private static async Task<string> IdOfAsync(ApiUser user) => (await user.GetAsync("/me")).ShouldBe(200)["id"]!;

    private IEnumerable<(string Field, string Json)> WrongBodies(string method, JsonObject body)
    {
        var right = method == "PATCH" ? [] : RightBody(body);
        foreach (var (field, json) in WrongMembers(Resolve(body["schema"]!), right, "", text => text))
        {
            yield return (field, json);
        }
    }

    /// <summary>An object with one wrong member in it, for each member and each way.</summary>
    private IEnumerable<(string Field, string Json)> WrongMembers(
        JsonObject schema,
        JsonObject right,
        string at,
        Func<string, string> wrap
    )
    {
        foreach (var (name, described) in schema["properties"]?.AsObject() ?? [])
        {
            var field = at + name;
            string With(string value) => wrap(Object(right, name, $"\"{name}\":{value}"));

            var property = Resolve(described!);
            foreach (var value in WrongValues(property, IsRequired(schema, name)))
            {
                yield return (field, With(value));
            }

            yield return (field, wrap(Object(right, name, $"\"{name}\":null,\"{name}\":null")));
            if (property["items"] is { } items && Resolve(items) is { } entry && entry["properties"] is not null)
            {
                foreach (
                    var wrong in WrongMembers(entry, RightValues(entry), $"{field}[0].", json => With($"[{json}]"))
                )
                {
                    yield return wrong;
                }
            }
            else if (property["properties"] is not null)
            {
                foreach (var wrong in WrongMembers(property, RightValues(property), $"{field}.", With))
                {
                    yield return wrong;
                }
            }
        }

        if (schema["additionalProperties"]?.ToString() == "false")
        {
            yield return (at + Unknown, wrap(Object(right, Unknown, $"\"{Unknown}\":1")));
        }
    }

    private static IEnumerable<string> WrongValues(JsonObject property, bool isRequired)
    {
        var type = property["type"]?.ToJsonString() ?? "";
        var format = property["format"]?.ToString();
        bool Is(string name) => type.Contains($"\"{name}\"", StringComparison.Ordinal);

        IEnumerable<string> wrong =
            format == "decimal"
                ?
                [
                    "true",
                    "{}",
                    "[]",
                    "\"abc\"",
                    "\"1e5\"",
                    "\"\"",
                    "1e400",
                    "12345678901234567890123456789",
                    "0.1234567890123456789",
                ]
            : Is("integer") ? ["true", "{}", "[]", "\"abc\"", "1.5", "99999999999999999999"]
            : Is("number") ? ["true", "{}", "[]", "\"abc\"", "1e400"]
            : Is("boolean") ? ["1", "{}", "[]", "\"yes\""]
            : Is("array") ? ["true", "5", "{}", "\"abc\"", "[[]]"]
            : Is("object") ? ["true", "5", "[]", "\"abc\""]
            : Is("string") ? ["true", "5", "{}", "[]", "\"a\\u0000b\"", "\"\\ud800\""]
            : [];
        if (Is("string") && (format is "date-time" or "uuid" or "date" || property["enum"] is not null))
        {
            wrong = wrong.Append("\"no such\"").Append("\"\"");
        }

        if (Is("string") && property["pattern"] is not null && format is null)
        {
            wrong = wrong.Append("\" ! \"").Append($"\"{new string('a', 5000)}\"");
        }

        if (property["maxLength"] is { } length)
        {
            wrong = wrong.Append($"\"{new string('a', (int)length + 1)}\"").Append("\"a\\u0001b\"");
        }

        if (property["minItems"]?.GetValue<int>() > 0)
        {
            wrong = wrong.Append("[]");
        }

        if (property["maxItems"]?.GetValue<int>() is { } max and <= 1000)
        {
            wrong = wrong.Append($"[{string.Join(',', Enumerable.Repeat("null", max + 1))}]");
        }

        return isRequired ? wrong.Append("null") : wrong;
    }

    private JsonObject RightBody(JsonObject body)
    {
        var name = body["schema"]!["$ref"]?.ToString().Split('/')[^1] ?? "";
        var right = RightValues(Resolve(body["schema"]!), body["example"] as JsonObject);
        foreach (var (property, value) in Besides.GetValueOrDefault(name) ?? [])
        {
            right[property] = value!.DeepClone();
        }

        return right;
    }

    /// <summary>What is required and no more, since what may be left out may also contradict itself.</summary>
    private JsonObject RightValues(JsonObject schema, JsonObject? example = null) =>
        new(
            from name in schema["required"]?.AsArray().Select(name => name!.ToString()) ?? []
            let value = name switch
            {
                "portfolioId" => _portfolio,
                "providerId" => _provider,
                _ => example?[name]?.DeepClone() ?? Plausible(schema, name),
            }
            select KeyValuePair.Create(name, value)
        );

    private JsonNode? Plausible(JsonObject schema, string name)
    {
        var property = Resolve(schema["properties"]![name]!);
        return property["enum"]?[0]?.DeepClone()
            ?? (
                name == "coinId" ? "bitcoin"
                : name == "currency" ? "USD"
                : property["format"]?.ToString() == "decimal" ? "1"
                : null
            );
    }

    /// <summary>A merge patch has no required properties, but those of its resource can't be cleared.</summary>
    private bool IsRequired(JsonObject schema, string name) =>
        (schema["required"] ?? OriginalOfPatch(schema)?["required"])
            ?.AsArray()
            .Any(required => required!.ToString() == name) == true;

    private JsonNode? OriginalOfPatch(JsonObject schema) =>
        _document["components"]!["schemas"]!.AsObject().FirstOrDefault(component => component.Value == schema).Key
            is { } name
        && name.EndsWith("Patch", StringComparison.Ordinal)
            ? _document["components"]!["schemas"]![name[..^"Patch".Length]]
            : null;

    /// <summary>The schema itself, where it stands behind a reference or beside a null.</summary>
    private JsonObject Resolve(JsonNode schema) =>
        schema["$ref"]?.ToString() is { } reference
            ? Resolve(_document["components"]!["schemas"]![reference.Split('/')[^1]]!)
        : schema["oneOf"]?.AsArray().FirstOrDefault(choice => choice!["type"]?.ToString() != "null") is { } choice
            ? Resolve(choice)
        : schema.AsObject();

    private static string Object(JsonObject right, string without, string member) =>
        $"{{{string.Join(',', right.Where(other => other.Key != without).Select(other => $"\"{other.Key}\":{other.Value?.ToJsonString() ?? "null"}").Append(member))}}}";
}
