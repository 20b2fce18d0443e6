using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class ResetPasswordTests : MailTest
{
    private const string NewPassword = "another horse, another stable";

    [Test]
    public async Task A_mailed_token_gives_a_new_password_and_signs_every_device_out()
    {
        var user = await SignUpAsync();
        (await user.GetAsync("/me")).ShouldBe(200);

        (await ResetAsync(await ForgetAsync(user.Email), NewPassword)).ShouldBe(204);

        (await user.GetAsync("/me")).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/login", new { email = user.Email, password = user.Password })).ShouldBe(401);
        await SignInAsync(user, NewPassword);
        await Sink.NextAsync(user.Email, "Your password was changed");
    }

    [Test]
    public async Task A_token_is_good_once()
    {
        var user = await SignUpAsync();
        var token = await ForgetAsync(user.Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ResetAsync(token, NewPassword)));

        Assert.That(answers.Count(answer => (int)answer.Status == 204), Is.EqualTo(1));
        foreach (var refused in answers.Where(answer => (int)answer.Status != 204))
        {
            refused.ShouldNameField("token").ShouldRefuse(400, "invalid_token");
        }
    }

    [Test]
    public async Task A_password_that_is_refused_does_not_spend_the_token()
    {
        var user = await SignUpAsync();
        var token = await ForgetAsync(user.Email);

        (await ResetAsync(token, "too short")).ShouldNameField("newPassword");
        (await ResetAsync(token, "passwordpassword")).ShouldNameField("newPassword");

        (await ResetAsync(token, NewPassword)).ShouldBe(204);
    }

    [TestCase("nonsense")]
    [TestCase("")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_forged_token_is_named(string token) =>
        (await ResetAsync(token, NewPassword)).ShouldNameField("token");

    [Test]
    public async Task A_token_lasts_an_hour()
    {
        var user = await SignUpAsync();
        var token = await ForgetAsync(user.Email);
        await StoredAsync<int>(
            "update identity.one_time_tokens set expires_at = now() - interval '1 second' where email = $1",
            user.Email
        );

        (await ResetAsync(token, NewPassword)).ShouldRefuse(400, "invalid_token");
        await SignInAsync(user);
    }

    [Test]
    public async Task A_token_for_one_thing_is_not_good_for_another()
    {
        var user = await SignUpAsync();
        var verification = await Sink.NextAsync(user.Email, "Confirm your e-mail address");

        (await ResetAsync(verification.Token, NewPassword)).ShouldRefuse(400, "invalid_token");
        (await VerifyAsync(await ForgetAsync(user.Email))).ShouldRefuse(400, "invalid_token");
    }

    [Test]
    public async Task A_closed_account_is_offered_nothing_and_its_tokens_are_dead()
    {
        var (user, admin) = (await SignUpAsync(), await AdminAsync());
        var token = await ForgetAsync(user.Email);
        var path = $"/admin/users/{(await user.GetAsync("/me"))["id"]}";
        (await admin.PatchAsync(path, new { isActive = false })).ShouldBe(200);

        (await ResetAsync(token, NewPassword)).ShouldRefuse(400, "invalid_token");

        (await admin.PatchAsync(path, new { isActive = true })).ShouldBe(200);
        (await ResetAsync(token, NewPassword)).ShouldRefuse(400, "invalid_token");
    }

    [Test]
    public async Task A_changed_password_makes_older_tokens_worthless()
    {
        var user = await SignUpAsync();
        var token = await ForgetAsync(user.Email);
        (
            await user.PutAsync("/me/password", new { currentPassword = user.Password, newPassword = NewPassword })
        ).ShouldBe(204);

        (await ResetAsync(token, "yet another horse and stable")).ShouldRefuse(400, "invalid_token");
    }

    [Test]
    public async Task A_second_factor_stays_on()
    {
        var user = await SignUpAsync();
        await Authenticator.SwitchOnAsync(user);
        await ResetAsync(await ForgetAsync(user.Email), NewPassword);

        var login = await Anonymous.PostAsync("/auth/login", new { email = user.Email, password = NewPassword });

        Assert.That(login.ShouldBe(200)["mfaRequired"], Is.EqualTo("true"));
    }

    [Test]
    public async Task An_unknown_address_is_answered_alike_and_leaves_nothing_behind()
    {
        var (user, unknown) = (await SignUpAsync(), NewAddress());

        var answers = new[]
        {
            await Anonymous.PostAsync("/auth/password/forgot", new { email = unknown }),
            await Anonymous.PostAsync("/auth/password/forgot", new { email = user.Email }),
        };

        Assert.That(answers.Select(answer => ((int)answer.Status, answer.Text)), Is.All.EqualTo((202, "")));
        Assert.That(HeadersOf(answers[0]), Is.EqualTo(HeadersOf(answers[1])));
        await Sink.NextAsync(user.Email, "Choose a new password");
        Assert.That(Sink.To(unknown), Is.Empty);
        Assert.That(
            await StoredAsync<long>("select count(*) from identity.mails where address = $1", unknown),
            Is.Zero
        );
    }

    [Test]
    public async Task Nobody_can_fill_a_mailbox_nor_see_that_one_is_spared()
    {
        var user = await SignUpAsync();

        for (var i = 0; i < 8; i++)
        {
            (await Anonymous.PostAsync("/auth/password/forgot", new { email = user.Email })).ShouldBe(202);
        }

        await Sink.NextAsync(user.Email, "Choose a new password");
        await (await SignUpAsync()).GetAsync("/me");
        Assert.That(
            Sink.To(user.Email).Count(mail => mail.Message.Subject == "Choose a new password"),
            Is.LessThanOrEqualTo(3)
        );
    }

    [Test]
    public async Task An_address_is_written_to_as_its_account_has_it_and_not_as_a_stranger_types_it()
    {
        var user = await SignUpAsync();

        (await Anonymous.PostAsync("/auth/password/forgot", new { email = user.Email.ToUpperInvariant() })).ShouldBe(
            202
        );

        await Sink.NextAsync(user.Email, "Choose a new password");
    }

    /// <summary>Without what differs from any answer to the next.</summary>
    private static string[] HeadersOf(ApiResponse answer) =>
        [
            .. answer
                .Headers.Where(header => header.Key is not ("Date" or "RateLimit" or "traceparent"))
                .Select(header => $"{header.Key}: {string.Join(',', header.Value)}"),
        ];

    [TestCase("""{}""", "email")]
    [TestCase("""{"email":"nobody"}""", "email")]
    [TestCase("""{"email":"a@b.example\r\nBcc: c@d.example"}""", "email")]
    public async Task Bad_input_is_named(string body, string field) =>
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/password/forgot", body)).ShouldNameField(field);
}
