using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class EmailAddressTests
{
    [TestCase("a@example.com")]
    [TestCase("Some.Body+tag@mail.example.co.uk")]
    [TestCase("o'neil@example.com")]
    [TestCase("root@localhost")]
    [TestCase("jürgen@müller.example")]
    public void Is_an_address(string email) => Assert.That(EmailAddress.IsValid(email), Is.True);

    [TestCase("")]
    [TestCase("plain")]
    [TestCase("@example.com")]
    [TestCase("a@")]
    [TestCase("a@@example.com")]
    [TestCase("a@b@example.com")]
    [TestCase("a b@example.com")]
    [TestCase("a@exam ple.com")]
    [TestCase(".a@example.com")]
    [TestCase("a..b@example.com")]
    [TestCase("a@-example.com")]
    [TestCase("a@example..com")]
    [TestCase("a@example.com.")]
    [TestCase("a@example.com\n")]
    [TestCase("<script>@example.com")]
    public void Is_none(string email) => Assert.That(EmailAddress.IsValid(email), Is.False);

    [Test]
    public void Has_at_most_254_characters()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 4));

        Assert.That(EmailAddress.IsValid($"{new string('a', 253 - domain.Length)}@{domain}"), Is.True);
        Assert.That(EmailAddress.IsValid($"{new string('a', 254 - domain.Length)}@{domain}"), Is.False);
    }
}
