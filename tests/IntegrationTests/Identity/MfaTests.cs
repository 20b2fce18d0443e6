using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class MfaTests : ApiTest
{
    [Test]
    public async Task Nothing_is_on_until_a_code_has_come_back()
    {
        var user = await SignUpAsync();

        var setup = (await user.PostAsync("/me/mfa/totp")).ShouldBe(200);

        Assert.That(setup["otpauthUri"], Does.StartWith("otpauth://totp/").And.Contain(setup["secret"]));
        Assert.That(setup["qrSvg"], Does.StartWith("<svg"));
        Assert.That(setup.Headers.CacheControl?.NoStore, Is.True);
        Assert.That((await user.GetAsync("/me"))["mfaEnabled"], Is.EqualTo("false"));
        Assert.That((await LoginAsync(user))["accessToken"], Is.Not.Null);
    }

    [Test]
    public async Task Switched_on_a_password_alone_opens_nothing()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);

        var challenge = (await LoginAsync(user)).ShouldBe(200);

        Assert.That((await user.GetAsync("/me"))["mfaEnabled"], Is.EqualTo("true"));
        Assert.That(challenge.Json["mfaRequired"]!.GetValue<bool>(), Is.True);
        Assert.That(challenge["accessToken"], Is.Null);
        var tokens = (await AnswerAsync(challenge["mfaToken"]!, app.NextCode)).ShouldBe(200);
        (await new ApiClient(TestRun.Server.Client, tokens["accessToken"]).GetAsync("/me")).ShouldBe(200);
    }

    [Test]
    public async Task What_is_changed_in_a_profile_does_not_hide_it()
    {
        var user = await SignUpAsync();
        await Authenticator.SwitchOnAsync(user);

        Assert.That((await user.PatchAsync("/me", new { displayName = "Ada" }))["mfaEnabled"], Is.EqualTo("true"));
    }

    [Test]
    public async Task A_wrong_code_switches_nothing_on()
    {
        var user = await SignUpAsync();
        var app = new Authenticator((await user.PostAsync("/me/mfa/totp"))["secret"]!);

        (await user.PostAsync("/me/mfa/totp/confirm", new { code = app.WrongCode })).ShouldNameField("code");

        (await user.PostAsync("/me/mfa/totp/confirm", new { code = app.Code })).ShouldBe(200);
        (await user.PostAsync("/me/mfa/totp/confirm", new { code = app.NextCode })).ShouldRefuse(409, "mfa_enabled");
        (await user.PostAsync("/me/mfa/totp")).ShouldRefuse(409, "mfa_enabled");
    }

    [Test]
    public async Task The_code_that_switched_it_on_is_used_up()
    {
        var user = await SignUpAsync();
        var setup = await user.PostAsync("/me/mfa/totp");
        var code = new Authenticator(setup["secret"]!).Code;
        (await user.PostAsync("/me/mfa/totp/confirm", new { code })).ShouldBe(200);

        (await AnswerAsync(await ChallengeAsync(user), code)).ShouldRefuse(401, "invalid_code");
    }

    [Test]
    public async Task A_code_is_good_once_on_two_servers_at_once()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        await using var other = await TestRun.Server.StartAnotherAsync();
        using var elsewhere = new HttpClient { BaseAddress = new Uri(other.Urls.First()) };
        var challenges = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            challenges.Add(await ChallengeAsync(user));
        }

        var code = app.NextCode;
        var answers = await Task.WhenAll(
            challenges.Select((token, i) => AnswerAsync(token, code, i % 2 == 0 ? Anonymous : new ApiClient(elsewhere)))
        );

        Assert.That(
            answers.Count(answer => (int)answer.Status == 200),
            Is.EqualTo(1),
            string.Join('\n', answers.Select(a => a.ToString()))
        );
        Assert.That(answers.Count(answer => (int)answer.Status == 401), Is.EqualTo(7));
    }

    [Test]
    public async Task A_token_survives_five_wrong_codes()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var token = await ChallengeAsync(user);
        for (var i = 0; i < 5; i++)
        {
            (await AnswerAsync(token, app.WrongCode)).ShouldRefuse(401, "invalid_code");
        }

        (await AnswerAsync(token, app.NextCode)).ShouldBe(200);
    }

    [Test]
    public async Task A_token_dies_of_the_sixth()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var token = await ChallengeAsync(user);
        for (var i = 0; i < 6; i++)
        {
            (await AnswerAsync(token, app.WrongCode)).ShouldRefuse(401, "invalid_code");
        }

        (await AnswerAsync(token, app.NextCode)).ShouldRefuse(401, "invalid_mfa_token");
    }

    [Test]
    public async Task Ever_new_tokens_do_not_buy_ever_more_guesses()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var (one, other) = (await ChallengeAsync(user), await ChallengeAsync(user));
        for (var i = 0; i < 10; i++)
        {
            await AnswerAsync(i < 5 ? one : other, app.WrongCode);
        }

        (await AnswerAsync(await ChallengeAsync(user), app.NextCode)).ShouldRefuse(429, "too_many_attempts");
    }

    [Test]
    public async Task A_token_opens_one_session()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var token = await ChallengeAsync(user);

        var answers = await Task.WhenAll(app.RecoveryCodes.Take(4).Select(code => AnswerAsync(token, code)));

        Assert.That(answers.Count(answer => (int)answer.Status == 200), Is.EqualTo(1));
        (await AnswerAsync(token, app.NextCode)).ShouldRefuse(401, "invalid_mfa_token");
    }

    [Test]
    public async Task A_token_expires()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var token = await ChallengeAsync(user);
        await StoredAsync<int>("update identity.one_time_tokens set expires_at = now() - interval '1 second'");

        (await AnswerAsync(token, app.NextCode)).ShouldRefuse(401, "invalid_mfa_token");
    }

    [Test]
    public async Task A_token_does_not_outlive_its_password()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var token = await ChallengeAsync(user);
        const string newPassword = "an even longer horse battery staple";
        (await user.PutAsync("/me/password", new { currentPassword = user.Password, newPassword })).ShouldBe(204);

        (await AnswerAsync(token, app.NextCode)).ShouldRefuse(401, "invalid_mfa_token");
    }

    [Test]
    public async Task A_recovery_code_opens_once()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        Assert.That(app.RecoveryCodes, Has.Count.EqualTo(10).And.Unique);

        (await AnswerAsync(await ChallengeAsync(user), app.RecoveryCodes[3].ToUpperInvariant())).ShouldBe(200);

        (await AnswerAsync(await ChallengeAsync(user), app.RecoveryCodes[3])).ShouldRefuse(401, "invalid_code");
        (await AnswerAsync(await ChallengeAsync(user), app.RecoveryCodes[4])).ShouldBe(200);
    }

    [Test]
    public async Task New_recovery_codes_void_the_old()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);

        (await user.PostAsync("/me/mfa/recovery-codes", new { code = app.WrongCode })).ShouldNameField("code");
        var renewed = (await user.PostAsync("/me/mfa/recovery-codes", new { code = app.NextCode })).ShouldBe(200);

        var codes = renewed.Json["recoveryCodes"]!.AsArray().Select(code => code!.ToString()).ToList();
        Assert.That(codes, Has.Count.EqualTo(10));
        (await AnswerAsync(await ChallengeAsync(user), app.RecoveryCodes[0])).ShouldRefuse(401, "invalid_code");
        (await AnswerAsync(await ChallengeAsync(user), codes[0])).ShouldBe(200);
    }

    [Test]
    public async Task Switching_off_takes_both_factors()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);

        (await RemoveAsync(user, "not the password", app.NextCode)).ShouldNameField("password");
        (await RemoveAsync(user, user.Password, app.WrongCode)).ShouldNameField("code");
        (await RemoveAsync(user, user.Password, app.NextCode)).ShouldBe(204);

        Assert.That((await user.GetAsync("/me"))["mfaEnabled"], Is.EqualTo("false"));
        Assert.That((await LoginAsync(user))["accessToken"], Is.Not.Null);
        Assert.That(await StoredAsync<long>("select count(*) from identity.recovery_codes"), Is.Zero);
        (await RemoveAsync(user, user.Password, app.RecoveryCodes[0])).ShouldRefuse(409, "mfa_not_enabled");
        (await user.PostAsync("/me/mfa/recovery-codes", new { code = "123456" })).ShouldRefuse(409, "mfa_not_enabled");
    }

    [Test]
    public async Task Neither_secrets_nor_codes_nor_tokens_are_stored_in_clear()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var token = await ChallengeAsync(user);

        var stored = await StoredAsync<string>(
            """
            select concat_ws('|', (select string_agg(m::text, ',') from identity.mfa_methods m),
                (select string_agg(c::text, ',') from identity.recovery_codes c),
                (select string_agg(t::text, ',') from identity.one_time_tokens t))
            """
        );

        var secret = Convert.ToHexStringLower(OtpNet.Base32Encoding.ToBytes(app.Secret));
        Assert.That(stored, Does.Not.Contain(secret).And.Not.Contain(app.RecoveryCodes[0]).And.Not.Contain(token));
        Assert.That(stored, Does.Contain("|").And.Length.GreaterThan(500));
    }

    [Test]
    public async Task A_secret_copied_to_another_account_opens_nothing()
    {
        var (victim, thief) = (await SignUpAsync(), await SignUpAsync());
        await Authenticator.SwitchOnAsync(victim);
        var thiefsApp = await Authenticator.SwitchOnAsync(thief);
        await StoredAsync<int>(
            """
            update identity.mfa_methods m
            set secret = (select secret from identity.mfa_methods where user_id =
                (select id from identity.users where email = $1))
            where user_id = (select id from identity.users where email = $2)
            """,
            thief.Email,
            victim.Email
        );

        var answer = await AnswerAsync(await ChallengeAsync(victim), thiefsApp.NextCode);

        Assert.That((int)answer.Status, Is.EqualTo(500), "the row was tampered with");
    }

    [Test]
    public async Task A_server_without_the_key_does_not_start()
    {
        await Authenticator.SwitchOnAsync(await SignUpAsync());
        var key = Convert.ToBase64String(new byte[32]);

        Assert.That(
            () => TestRun.Server.StartAnotherAsync($"--CryptoBeacon:Encryption:Keys:other={key}"),
            Throws
                .TypeOf<CryptoBeacon.Application.Configuration.ConfigurationException>()
                .With.Message.Contains("CryptoBeacon:Encryption:Keys")
        );
    }

    [TestCase("""{}""", "mfaToken")]
    [TestCase("""{"mfaToken":"x"}""", "code")]
    [TestCase("""{"mfaToken":"x","code":123456}""", "code")]
    [TestCase("""{"mfaToken":["x"],"code":"123456"}""", "mfaToken")]
    [TestCase("""{"mfaToken":"x","code":"123456","userId":"1"}""", "userId")]
    public async Task Bad_input_is_named(string body, string field) =>
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/mfa", body)).ShouldNameField(field);

    [TestCase("x")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("not base64 at all, ü")]
    public async Task A_token_of_ones_own_making_is_refused(string token) =>
        (await AnswerAsync(token, "123456")).ShouldRefuse(401, "invalid_mfa_token");

    private static Task<ApiResponse> LoginAsync(ApiUser user) =>
        Anonymous.PostAsync("/auth/login", new { email = user.Email, password = user.Password });

    private static async Task<string> ChallengeAsync(ApiUser user) =>
        (await LoginAsync(user)).ShouldBe(200)["mfaToken"]!;

    private static Task<ApiResponse> AnswerAsync(string mfaToken, string code, ApiClient? client = null) =>
        (client ?? Anonymous).PostAsync("/auth/mfa", new { mfaToken, code });

    private static Task<ApiResponse> RemoveAsync(ApiUser user, string password, string code) =>
        user.DeleteAsync("/me/mfa/totp", new { password, code });
}
