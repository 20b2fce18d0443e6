using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Identity.Security;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>Tokens that somebody made up, each wrong in one thing.</summary>
internal sealed class AccessTokenTests : ApiTest
{
    private static SigningKeys Keys => TestRun.Server.Server.App.Services.GetRequiredService<SigningKeys>();

    [Test]
    public async Task A_token_made_as_the_server_makes_it_is_good() =>
        await ShouldAnswerAsync(200, await ForgeAsync(_ => { }));

    [Test]
    public async Task It_says_who_as_what_and_from_which_session_and_no_more()
    {
        var user = await SignUpAsync();

        var token = new JsonWebToken(user.AccessToken);

        Assert.That(token.Alg, Is.EqualTo("ES256"));
        Assert.That(token.Kid, Is.Not.Empty);
        Assert.That(token.ValidTo - token.IssuedAt, Is.EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(
            token.Claims.Select(claim => claim.Type),
            Is.EquivalentTo(new[] { "sub", "role", "sid", "jti", "iss", "aud", "exp", "iat" })
        );
        Assert.That(token.Subject, Is.EqualTo((await user.GetAsync("/me"))["id"]));
    }

    [Test]
    public async Task Anybody_can_verify_it_by_the_published_keys()
    {
        var user = await SignUpAsync();

        var jwks = (await Anonymous.GetAsync("~/.well-known/jwks.json")).ShouldBe(200);

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            user.AccessToken,
            new TokenValidationParameters
            {
                IssuerSigningKeys = new JsonWebKeySet(jwks.Text).GetSigningKeys(),
                ValidIssuer = "crypto-beacon",
                ValidAudience = "crypto-beacon",
            }
        );
        Assert.That(result.IsValid, Is.True, result.Exception?.Message);
        Assert.That(jwks.Text, Does.Not.Contain("\"d\""));
    }

    [Test]
    public async Task No_algorithm_is_no_signature()
    {
        var parts = (await ForgeAsync(_ => { })).Split('.');
        foreach (var none in new[] { "none", "None", "NONE" })
        {
            var header = Base64UrlEncoder.Encode($$"""{"alg":"{{none}}","typ":"at+jwt"}""");

            await ShouldAnswerAsync(401, $"{header}.{parts[1]}.");
            await ShouldAnswerAsync(401, $"{header}.{parts[1]}.{parts[2]}");
        }
    }

    [Test]
    public async Task The_public_key_is_no_secret_for_hs256()
    {
        var key = (ECDsaSecurityKey)Keys.Signing.Key;
        foreach (
            var secret in new[]
            {
                Encoding.UTF8.GetBytes(key.ECDsa.ExportSubjectPublicKeyInfoPem()),
                key.ECDsa.ExportSubjectPublicKeyInfo(),
            }
        )
        {
            await ShouldAnswerAsync(
                401,
                await ForgeAsync(token =>
                    token.SigningCredentials = new SigningCredentials(
                        new SymmetricSecurityKey(secret) { KeyId = key.KeyId },
                        "HS256"
                    )
                )
            );
        }
    }

    [Test]
    public async Task Another_key_of_the_same_name_does_not_sign()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var kid in new[] { Keys.Signing.Key.KeyId, "another" })
        {
            await ShouldAnswerAsync(
                401,
                await ForgeAsync(token =>
                    token.SigningCredentials = new SigningCredentials(
                        new ECDsaSecurityKey(other) { KeyId = kid },
                        SecurityAlgorithms.EcdsaSha256
                    )
                )
            );
        }
    }

    [Test]
    public async Task A_kid_that_names_no_key_is_refused_though_the_signature_is_ours()
    {
        using var same = ECDsa.Create(
            ((ECDsaSecurityKey)Keys.Signing.Key).ECDsa.ExportParameters(includePrivateParameters: true)
        );

        await ShouldAnswerAsync(
            401,
            await ForgeAsync(token =>
                token.SigningCredentials = new SigningCredentials(
                    new ECDsaSecurityKey(same) { KeyId = "another" },
                    SecurityAlgorithms.EcdsaSha256
                )
            )
        );
    }

    [Test]
    public async Task An_expired_token_is_refused() =>
        await ShouldAnswerAsync(
            401,
            await ForgeAsync(token =>
            {
                token.IssuedAt = Now.AddMinutes(-11);
                token.Expires = Now.AddSeconds(-10);
            })
        );

    [Test]
    public async Task A_token_is_refused_once_it_has_expired_though_it_was_accepted_before()
    {
        // A difference of clocks of five seconds is forgiven.
        var token = await ForgeAsync(expiring => expiring.Expires = Now.AddSeconds(-1));
        await ShouldAnswerAsync(200, token);

        await EventuallyAsync(
            () => new ApiClient(TestRun.Server.Client, token).GetAsync("/me"),
            answer => (int)answer.Status == 401,
            TimeSpan.FromSeconds(15)
        );
    }

    [Test]
    public async Task A_token_without_an_end_is_refused() =>
        await ShouldAnswerAsync(401, await ForgeAsync(token => token.Expires = null));

    [Test]
    public async Task A_token_for_somebody_else_is_refused()
    {
        await ShouldAnswerAsync(401, await ForgeAsync(token => token.Issuer = "another"));
        await ShouldAnswerAsync(401, await ForgeAsync(token => token.Audience = "another"));
        await ShouldAnswerAsync(401, await ForgeAsync(token => token.TokenType = "JWT"));
    }

    [Test]
    public async Task A_token_of_no_session_or_of_another_users_is_refused()
    {
        var somebodyElse = (await (await SignUpAsync()).GetAsync("/me"))["id"]!;

        await ShouldAnswerAsync(401, await ForgeAsync(token => token.Claims.Remove("sid")));
        await ShouldAnswerAsync(
            401,
            await ForgeAsync(token => token.Claims["sid"] = "0198f000-0000-7000-8000-000000000001")
        );
        await ShouldAnswerAsync(401, await ForgeAsync(token => token.Claims["sid"] = "nonsense"));
        await ShouldAnswerAsync(401, await ForgeAsync(token => token.Claims["sub"] = somebodyElse));
        await ShouldAnswerAsync(401, await ForgeAsync(token => token.Claims.Remove("sub")));
    }

    [Test]
    public async Task A_changed_payload_is_refused()
    {
        var token = await ForgeAsync(_ => { });
        await ShouldAnswerAsync(200, token);
        var parts = token.Split('.');
        var payload = Base64UrlEncoder.Encode(
            Base64UrlEncoder.Decode(parts[1]).Replace("\"user\"", "\"admin\"", StringComparison.Ordinal)
        );

        await ShouldAnswerAsync(401, $"{parts[0]}.{payload}.{parts[2]}");
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("a.b.c")]
    [TestCase("....")]
    public async Task Nonsense_is_refused(string token) => await ShouldAnswerAsync(401, token);

    [Test]
    public async Task The_role_is_the_one_of_the_account_not_of_the_token()
    {
        var token = await ForgeAsync(forged => forged.Claims["role"] = "admin");

        (await new ApiClient(TestRun.Server.Client, token).GetAsync("/admin/users")).ShouldBe(403);
    }

    [Test]
    public async Task The_token_of_an_erased_user_is_refused_within_half_a_minute()
    {
        var user = await SignUpAsync();
        (await user.GetAsync("/me")).ShouldBe(200);

        await StoredAsync<int>("delete from identity.users where email = $1", user.Email);

        await EventuallyAsync(
            () => user.GetAsync("/me"),
            answer => (int)answer.Status == 401,
            TimeSpan.FromSeconds(35)
        );
    }

    [Test]
    public async Task A_token_in_the_address_is_not_looked_at()
    {
        var user = await SignUpAsync();

        (await Anonymous.GetAsync($"/me?access_token={user.AccessToken}")).ShouldBe(401);
    }

    [Test]
    public async Task A_refusal_is_a_problem_document()
    {
        var refusal = (await Anonymous.GetAsync("/me")).ShouldRefuse(401, "unauthorized");

        Assert.That(refusal.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(refusal.Headers.WwwAuthenticate.ToString(), Does.StartWith("Bearer"));
    }

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>The token of a real session, made as the server makes it but for one change.</summary>
    private static async Task<string> ForgeAsync(Action<SecurityTokenDescriptor> change)
    {
        var real = new JsonWebToken((await SignUpAsync()).AccessToken);
        var forged = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = real.Issuer,
            Audience = real.Audiences.Single(),
            IssuedAt = real.IssuedAt,
            Expires = real.ValidTo,
            SigningCredentials = Keys.Signing,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = real.Subject,
                ["sid"] = real.GetClaim("sid").Value,
                ["role"] = real.GetClaim("role").Value,
            },
        };
        change(forged);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(forged);
    }

    private static async Task ShouldAnswerAsync(int status, string token) =>
        (await new ApiClient(TestRun.Server.Client, token).GetAsync("/me")).ShouldBe(status);
}
