using System.Text.Json.Nodes;
using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class PreferencesTests
{
    [TestCase("""{}""")]
    [TestCase("""{"theme":"dark","columns":["price",{"wide":true}],"zoom":1.25,"none":null}""")]
    [TestCase("""{"big":1e27,"small":1e-18}""")]
    public void Any_object_is_good(string json) => Assert.That(Complaint(json), Is.Null);

    [TestCase("""{"x":1e999999}""")]
    [TestCase("""{"x":1e-999999}""")]
    [TestCase("""{"x":"\u0000"}""")]
    [TestCase("""{"\u0000":1}""")]
    [TestCase("""{"x":["\ud800"]}""")]
    public void What_the_database_cannot_hold_is_refused(string json) => Assert.That(Complaint(json), Is.Not.Null);

    [TestCase(Preferences.MaxDepth, true)]
    [TestCase(Preferences.MaxDepth + 1, false)]
    public void Depth_is_limited(int depth, bool isGood) =>
        Assert.That(
            Complaint(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)) is null,
            Is.EqualTo(isGood)
        );

    [Test]
    public void Size_is_limited() =>
        Assert.That(Complaint($$"""{"x":"{{new string('y', Preferences.MaxBytes)}}"}"""), Is.Not.Null);

    private static string? Complaint(string json) => Preferences.Complaint(JsonNode.Parse(json)!.AsObject());
}
