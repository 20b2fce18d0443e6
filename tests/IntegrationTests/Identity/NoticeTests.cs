using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class NoticeTests : MailTest
{
    private const string NewDevice = "A new device signed in to your account";

    [Test]
    public async Task A_new_device_is_told_of_and_a_known_one_and_the_first_are_not()
    {
        var user = await SignUpAsync();
        await LoginAsync(user, userAgent: null);

        await LoginAsync(user, "Elsewhere/1.0 <b>");
        var mail = await Sink.NextAsync(user.Email, NewDevice);
        await LoginAsync(user, "Elsewhere/1.0 <b>");
        await LoginAsync(user, "Further/1.0");

        await ApiTest.EventuallyAsync(() => Task.FromResult(NoticesTo(user)), count => count == 2);
        Assert.That(mail.Message.TextBody, Does.Contain("Elsewhere/1.0 <b>").And.Contain("127.0.0.1"));
        Assert.That(mail.Message.HtmlBody, Does.Contain("Elsewhere/1.0 &lt;b&gt;"));
    }

    [Test]
    public async Task A_device_that_was_not_seen_for_ninety_days_is_new_again()
    {
        var user = await SignUpAsync();
        await StoredAsync<int>(
            """
            update identity.known_devices set last_seen_at = now() - interval '91 days'
            where user_id = (select id from identity.users where email = $1)
            """,
            user.Email
        );

        await LoginAsync(user, userAgent: null);

        await Sink.NextAsync(user.Email, NewDevice);
    }

    [Test]
    public async Task Who_changes_what_protects_an_account_is_told()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        await Sink.NextAsync(user.Email, "Two-factor authentication is on");

        await user.PostAsync(
            "/me/tokens",
            new
            {
                name = "bot",
                scopes = new[] { "read" },
                code = app.RecoveryCodes[0],
            }
        );
        await user.DeleteAsync("/me/mfa/totp", new { password = user.Password, code = app.RecoveryCodes[1] });
        await user.PutAsync(
            "/me/password",
            new { currentPassword = user.Password, newPassword = "another horse, another stable" }
        );

        await Sink.NextAsync(user.Email, "A new personal access token");
        await Sink.NextAsync(user.Email, "Two-factor authentication is off");
        await Sink.NextAsync(user.Email, "Your password was changed");
    }

    [Test]
    public async Task Who_makes_new_recovery_codes_is_told()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);

        (await user.PostAsync("/me/mfa/recovery-codes", new { code = app.RecoveryCodes[0] })).ShouldBe(200);

        await Sink.NextAsync(user.Email, "New recovery codes");
    }

    private int NoticesTo(ApiUser user) => Sink.To(user.Email).Count(mail => mail.Message.Subject == NewDevice);

    private async Task LoginAsync(ApiUser user, string? userAgent) =>
        (
            await Anonymous.PostAsync(
                "/auth/login",
                new { email = user.Email, password = user.Password },
                userAgent is null ? [] : [("User-Agent", userAgent)]
            )
        ).ShouldBe(200);
}
