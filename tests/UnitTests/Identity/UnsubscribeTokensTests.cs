using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class UnsubscribeTokensTests
{
    private static readonly UnsubscribeTokens Tokens = TokensOf(1);

    private readonly Guid _user = Uuid.New();

    [Test]
    public void A_token_names_its_user_and_holds_for_the_address_however_it_is_spelt()
    {
        var token = Tokens.Of(_user, "Ada@tests.example");

        Assert.That(UnsubscribeTokens.UserOf(token), Is.EqualTo(_user));
        Assert.That(Tokens.IsFor(token, _user, "ada@TESTS.example"), Is.True);
        Assert.That(token, Does.Match("^[A-Za-z0-9_-]+$"));
    }

    [Test]
    public void It_holds_for_nobody_else_no_other_address_and_no_other_installation()
    {
        var token = Tokens.Of(_user, "ada@tests.example");

        Assert.That(Tokens.IsFor(token, Uuid.New(), "ada@tests.example"), Is.False);
        Assert.That(Tokens.IsFor(token, _user, "eve@tests.example"), Is.False);
        Assert.That(TokensOf(2).IsFor(token, _user, "ada@tests.example"), Is.False);
    }

    [TestCase("")]
    [TestCase("AAAA")]
    [TestCase("not a token!")]
    public void Other_text_names_nobody(string text) => Assert.That(UnsubscribeTokens.UserOf(text), Is.Null);

    private static UnsubscribeTokens TokensOf(byte seed) =>
        new(
            new IdentitySecret(
                new BeaconOptions
                {
                    Database = new() { RoleSecret = Convert.ToBase64String(Enumerable.Repeat(seed, 32).ToArray()) },
                },
                secrets: null!
            )
        );
}
