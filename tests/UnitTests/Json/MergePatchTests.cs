using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Json;

namespace CryptoBeacon.UnitTests.Json;

internal sealed class MergePatchTests
{
    /// <summary>RFC 7396, appendix A: the cases in which the patch is an object, which is all that a PATCH body may be.</summary>
    [TestCase("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [TestCase("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [TestCase("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [TestCase("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [TestCase("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [TestCase("""{"a":"foo"}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    [TestCase("""{"a":{"b":"c"}}""", """{}""", """{"a":{"b":"c"}}""")]
    [TestCase("""{"a":[1,2]}""", """{"a":{"a":"b","c":null}}""", """{"a":{"a":"b"}}""")]
    public void Merges_as_the_standard_says(string state, string patch, string expected)
    {
        var merged = Patch(patch).ApplyTo(JsonNode.Parse(state)!.AsObject()).Value;
        Assert.That(JsonNode.DeepEquals(merged, JsonNode.Parse(expected)), $"{merged}");
    }

    [Test]
    public void Absent_is_unchanged_and_null_is_cleared()
    {
        var state = new State("old", "notes", 1.5m, null);
        Assert.That(
            Patch("""{"name":"new","notes":null}""").ApplyTo(state).Value,
            Is.EqualTo(new State("new", null, 1.5m, null))
        );
    }

    [Test]
    public void A_property_that_cannot_be_written_is_named() =>
        Assert.That(
            Patch("""{"createdAt":"x"}""").ApplyTo(new State("n", null, 1, null)).Error?.Fields,
            Contains.Key("createdAt")
        );

    [Test]
    public void A_wrong_type_is_named_at_its_depth() =>
        Assert.That(
            Patch("""{"inner":{"price":"abc"}}""").ApplyTo(new State("n", null, 1, new Inner(1))).Error?.Fields,
            Contains.Key("inner.price")
        );

    private static MergePatch Patch(string json) =>
        new(JsonSerializer.Deserialize<JsonNode>(json, BeaconJson.Options)!.AsObject());

    private sealed record State(string? Name, string? Notes, decimal Price, Inner? Inner);

    private sealed record Inner(decimal? Price);
}
