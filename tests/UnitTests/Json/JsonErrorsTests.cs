using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Json;

namespace CryptoBeacon.UnitTests.Json;

/// <summary>Whatever a body gets wrong, the error names the field in the client's words and shows nothing of ours.</summary>
internal sealed class JsonErrorsTests
{
    private enum Mood
    {
        Calm,
        VeryHappy,
    }

    private sealed record Tick(string? CoinId, decimal? Price, DateTimeOffset? AsOf);

    private sealed record Order(
        string? Name,
        decimal Quantity,
        decimal? Limit,
        int? Count,
        bool? Flag,
        Guid? Id,
        Mood? Mood,
        DateTimeOffset? At,
        IReadOnlyList<Tick>? Prices,
        IReadOnlyList<string>? Tags,
        IReadOnlyDictionary<string, decimal>? Weights,
        Tick? Nested,
        JsonObject? Free = null
    );

    private sealed record Strict
    {
        public required string First { get; init; }

        public required string Second { get; init; }
    }

    // A number too long, too precise, too deep in the document; every type in place of every other.
    [TestCase("""{"quantity":"abc"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":null}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":true}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":{}}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":[1]}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":"1e5"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":"NaN"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":"Infinity"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":"1,5"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":" 1"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":"+1"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":"0x10"}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":""}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":"."}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":1e400}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":1e-400}""", "quantity", "decimal number")]
    [TestCase("""{"quantity":12345678901234567890123456789}""", "quantity", "28 significant digits")]
    [TestCase("""{"quantity":0.1234567890123456789}""", "quantity", "18 decimals")]
    [TestCase("""{"limit":"abc"}""", "limit", "decimal number")]
    [TestCase("""{"limit":"\ud800"}""", "limit", "wrong type")]
    [TestCase("""{"prices":[{},{},{},{"price":"abc"}]}""", "prices[3].price", "decimal number")]
    [TestCase("""{"prices":[{"asOf":"2026-01-31"}]}""", "prices[0].asOf", "RFC 3339")]
    [TestCase("""{"prices":[{"asOf":1700000000}]}""", "prices[0].asOf", "RFC 3339")]
    [TestCase("""{"prices":[{"asOf":"2026-02-30T00:00:00Z"}]}""", "prices[0].asOf", "RFC 3339")]
    [TestCase("""{"prices":[{"asOf":"2026-01-31T00:00:00"}]}""", "prices[0].asOf", "RFC 3339")]
    [TestCase("""{"prices":[1]}""", "prices[0]", "wrong type")]
    [TestCase("""{"prices":{}}""", "prices", "wrong type")]
    [TestCase("""{"prices":"x"}""", "prices", "wrong type")]
    [TestCase("""{"prices":[{"coinId":5}]}""", "prices[0].coinId", "must be a text")]
    [TestCase("""{"tags":["a",2]}""", "tags[1]", "must be a text")]
    [TestCase("""{"tags":["a\u0000"]}""", "tags[0]", "NUL")]
    [TestCase("""{"weights":{"btc":"x"}}""", "weights.btc", "decimal number")]
    [TestCase("""{"weights":{"a b.c":"x"}}""", "weights.a b.c", "decimal number")]
    [TestCase("""{"nested":{"price":"x"}}""", "nested.price", "decimal number")]
    [TestCase("""{"nested":[]}""", "nested", "wrong type")]
    [TestCase("""{"name":5}""", "name", "must be a text")]
    [TestCase("""{"name":{"a":1}}""", "name", "must be a text")]
    [TestCase("""{"name":"\ud800"}""", "name", "wrong type")]
    [TestCase("""{"count":"5"}""", "count", "wrong type")]
    [TestCase("""{"count":1.5}""", "count", "wrong type")]
    [TestCase("""{"count":99999999999}""", "count", "wrong type")]
    [TestCase("""{"flag":"true"}""", "flag", "wrong type")]
    [TestCase("""{"flag":1}""", "flag", "wrong type")]
    [TestCase("""{"id":"123"}""", "id", "UUID")]
    [TestCase("""{"id":"{0190b8a0-0000-7000-8000-000000000000}"}""", "id", "UUID")]
    [TestCase("""{"mood":"angry"}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"mood":"Calm"}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"mood":"VERY_HAPPY"}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"mood":"veryHappy"}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"mood":"calm, very_happy"}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"mood":1}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"mood":"1"}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"mood":""}""", "mood", "must be one of calm, very_happy")]
    [TestCase("""{"nmae":"x"}""", "nmae", "not a property")]
    [TestCase("""{"Name":"x"}""", "Name", "not a property")]
    [TestCase("""{"a b.c":"x"}""", "a b.c", "not a property")]
    [TestCase("""{"it's":"x"}""", "it's", "not a property")]
    [TestCase("""{"nested":{"nope":1}}""", "nested.nope", "not a property")]
    [TestCase("""{"prices":[{},{"nope":1}]}""", "prices[1].nope", "not a property")]
    [TestCase("""{"name":"a","name":"b"}""", "name", "given twice")]
    [TestCase("""{"nested":{"price":1,"price":2}}""", "nested.price", "given twice")]
    [TestCase("""{"prices":[{"price":1,"price":2}]}""", "prices[0].price", "given twice")]
    [TestCase("""{"free":{"a":1,"a":2}}""", "free", "twice")]
    [TestCase("""{"free":{"b":{"a":1,"a":2}}}""", "free", "twice")]
    [TestCase("""{"free":{"\ud800":1}}""", "free", "wrong type")]
    [TestCase("""{"free":[]}""", "free", "wrong type")]
    [TestCase("""{"\ud800":1}""", "body", "wrong type")]
    [TestCase("""{"nested":{"\ud800":1}}""", "nested", "wrong type")]
    [TestCase("""{"weights":{"a":1,"a":2}}""", "weights.a", "twice")]
    [TestCase("""[]""", "body", "wrong type")]
    [TestCase("""5""", "body", "wrong type")]
    [TestCase(""" "text" """, "body", "wrong type")]
    [TestCase("", "body", "not well-formed JSON (line 1, byte 1)")]
    [TestCase("""{"name":"a"} x""", "body", "not well-formed JSON (line 1, byte 14)")]
    [TestCase("""{name:"a"}""", "body", "not well-formed JSON (line 1, byte 2)")]
    [TestCase("{\n  'name': 1}", "body", "not well-formed JSON (line 2, byte 3)")]
    [TestCase("""{"name":"a",}""", "body", "not well-formed JSON")]
    [TestCase("""{"quantity":01}""", "quantity", "not well-formed JSON")]
    [TestCase("""{"quantity":NaN}""", "quantity", "not well-formed JSON")]
    [TestCase("""{"quantity":.5}""", "quantity", "not well-formed JSON")]
    [TestCase("""{"name":"a""", "name", "not well-formed JSON")]
    [TestCase("""{"prices":[{"price":1}""", "prices[1]", "not well-formed JSON")]
    [TestCase("""{"name":"a" /* why */}""", "body", "not well-formed JSON")]
    public void A_bad_body_names_its_field(string json, string field, string message)
    {
        var errors = ErrorsOf<Order>(json);

        Assert.That(errors, Has.Count.EqualTo(1).And.ContainKey(field), Show(errors));
        Assert.That(errors[field].Single(), Does.Contain(message));
    }

    [Test]
    public void Every_missing_property_is_named() =>
        Assert.That(ErrorsOf<Strict>("{}").Keys, Is.EquivalentTo(new[] { "first", "second" }));

    [Test]
    public void Sixty_five_levels_are_too_deep()
    {
        var deep = $$"""{"name":{{new string('[', 64)}}{{new string(']', 64)}}}""";
        Assert.That(ErrorsOf<JsonNode>(deep)["body"].Single(), Does.Contain("64 levels"));
    }

    [TestCase("""{"name":"\ud800"}""")]
    [TestCase("""{"\ud800":1}""")]
    public void A_patch_that_is_no_unicode_is_refused(string json) =>
        Assert.That(ErrorsOf<JsonNode>(json), Contains.Key("body"));

    [Test]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        byte[] json = [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.That(ErrorsOf(() => JsonSerializer.Deserialize<Order>(json, BeaconJson.Options)), Contains.Key("name"));
    }

    [Test]
    public void Nothing_shows_the_types_that_we_read_into([ValueSource(nameof(BadBodies))] string json)
    {
        var text = Show(ErrorsOf<Order>(json));
        Assert.That(
            text,
            Does.Not.Contain("System.").And.Not.Contain("CryptoBeacon").And.Not.Contain("Path:").And.Not.Contain(".NET")
        );
    }

    private static IEnumerable<string> BadBodies() =>
        from property in new[]
        {
            "name",
            "quantity",
            "limit",
            "count",
            "flag",
            "id",
            "mood",
            "at",
            "prices",
            "tags",
            "weights",
            "nested",
            "free",
        }
        from value in new[] { "[[]]", "[{}]", """{"x":{}}""", "1.5", "\"?\"", "true", "1e999", "\"\\ud800\"" }
        where !Reads($$"""{"quantity":1,"{{property}}":{{value}}}""")
        select $$"""{"quantity":1,"{{property}}":{{value}}}""";

    private static bool Reads(string json)
    {
        try
        {
            JsonSerializer.Deserialize<Order>(json, BeaconJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IReadOnlyDictionary<string, string[]> ErrorsOf<T>(string json) =>
        ErrorsOf(() => JsonSerializer.Deserialize<T>(Encoding.UTF8.GetBytes(json), BeaconJson.Options));

    private static IReadOnlyDictionary<string, string[]> ErrorsOf(Action read) =>
        JsonErrors.ToError(Assert.Catch<JsonException>(() => read())!).Fields;

    private static string Show(IReadOnlyDictionary<string, string[]> errors) =>
        string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}"));
}
