using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>An installation that has no mail server and is no developer's.</summary>
internal sealed class WithoutMailTests : ApiTest
{
    [Test]
    public async Task What_needs_a_mail_says_so_and_the_rest_works()
    {
        var user = await SignUpAsync();

        (await Anonymous.PostAsync("/auth/password/forgot", new { email = user.Email })).ShouldRefuse(
            503,
            "mail_unavailable"
        );
        (await user.PostAsync("/me/email/verification")).ShouldRefuse(503, "mail_unavailable");
        (await user.PatchAsync("/me", new { email = "other@tests.example" })).ShouldRefuse(503, "mail_unavailable");
        Assert.That(await StoredAsync<long>("select count(*) from identity.mails"), Is.Zero);
    }
}
