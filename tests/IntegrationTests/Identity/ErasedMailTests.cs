using CryptoBeacon.IntegrationTests.Database;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>What was to be mailed goes with whom it was for.</summary>
internal sealed class ErasedMailTests : MailTest
{
    [Test]
    public async Task Nothing_of_mails_sent_and_unsent_outlives_their_user()
    {
        var address = NewAddress();
        var user = await SignUpAsync(address);
        await Sink.NextAsync(address, "Confirm your e-mail address");
        (await user.PatchAsync("/me", new { email = $"new.{address}" })).ShouldBe(200);
        Sink.Refusal = recipient => recipient == address ? "451 come again" : null;
        (await Anonymous.PostAsync("/auth/password/forgot", new { email = address.ToUpperInvariant() })).ShouldBe(202);
        await ApiTest.EventuallyAsync(
            () => StoredText.FindAsync(Superuser, address),
            found => found.Contains("identity.mails.address")
        );

        (await user.DeleteAsync("/me", new { password = user.Password })).ShouldBe(204);

        Assert.That(await StoredText.FindAsync(Superuser, address), Is.Empty);
    }

    [Test]
    public async Task An_address_that_was_asked_for_in_vain_is_forgotten_within_the_hour_that_its_mail_would_be_good_for()
    {
        var unknown = NewAddress();
        await StoredAsync<int>(
            """
            insert into identity.mails (id, kind, address, created_at)
            values (platform.uuid_v7(), 'reset_password', $1, now() - interval '61 minutes') returning 1
            """,
            unknown
        );

        await RunJobAsync("identity.purge_expired");

        Assert.That(await StoredText.FindAsync(Superuser, unknown), Is.Empty);
    }
}
