using CryptoBeacon.Application.Json;

namespace CryptoBeacon.UnitTests.Json;

internal sealed class WireNameTests
{
    internal enum Repeat
    {
        Once,
        EveryCrossing,
    }

    [Test]
    public void A_member_is_spelled_in_snake_case() =>
        Assert.That(WireName.All<Repeat>(), Is.EqualTo(new[] { "once", "every_crossing" }));

    [Test]
    public void Each_name_leads_back_to_its_member([Values] Repeat member) =>
        Assert.That(WireName.Parse<Repeat>(WireName.Of(member)), Is.EqualTo(member));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("EveryCrossing")]
    [TestCase("Once")]
    [TestCase("1")]
    [TestCase("once ")]
    public void Any_other_text_names_nothing(string? name) =>
        Assert.That(WireName.TryParse<Repeat>(name, out _), Is.False);
}
