using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class RefreshTokensTests
{
    private readonly RefreshTokens _tokens = Server();

    [Test]
    public void A_token_reads_back()
    {
        var token = _tokens.Make(Uuid.New(), 7);

        Assert.That(
            _tokens.Read(token.Text),
            Is.EqualTo(token)
                .Using<RefreshToken>(
                    (a, b) => a.Text == b.Text && a.SessionId == b.SessionId && a.Generation == b.Generation
                )
        );
    }

    [Test]
    public void A_successor_is_the_same_in_every_retry()
    {
        var token = _tokens.Make(Uuid.New(), 7);

        Assert.That(_tokens.Successor(token).Text, Is.EqualTo(_tokens.Successor(_tokens.Read(token.Text)!).Text));
    }

    [Test]
    public void Another_servers_token_is_none() =>
        Assert.That(_tokens.Read(Server().Make(Uuid.New(), 1).Text), Is.Null);

    [Test]
    public void A_changed_token_is_none()
    {
        var text = _tokens.Make(Uuid.New(), 1).Text;

        Assert.That(
            Enumerable
                .Range(0, text.Length - 1)
                .Where(i => _tokens.Read($"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}") is not null),
            Is.Empty
        );
    }

    [TestCase("")]
    [TestCase("x")]
    [TestCase("ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää")]
    public void Nonsense_is_none(string text) => Assert.That(_tokens.Read(text), Is.Null);

    private static RefreshTokens Server() => new(new IdentitySecret(new BeaconOptions(), new SecretsInMemory()));
}

internal sealed class SecretsInMemory : ISecretStore
{
    private readonly Dictionary<string, string> _secrets = [];

    public string GetOrCreate(string name, Func<string> make) =>
        _secrets.TryGetValue(name, out var secret) ? secret : _secrets[name] = make();

    public void Replace(string name, Func<string, string> change) => _secrets[name] = change(_secrets[name]);
}
