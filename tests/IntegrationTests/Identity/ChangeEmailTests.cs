using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class ChangeEmailTests : MailTest
{
    private const string Question = "Confirm your new e-mail address";

    [Test]
    public async Task A_new_address_counts_once_its_token_has_come_back()
    {
        var (user, wanted) = (await SignUpAsync(), NewAddress());

        var asked = await user.PatchAsync("/me", new { email = wanted, displayName = "Bob" });

        Assert.That(asked.ShouldBe(200)["email"], Is.EqualTo(user.Email));
        Assert.That(asked["displayName"], Is.EqualTo("Bob"));
        await Sink.NextAsync(user.Email, "A new e-mail address was asked for");
        (await VerifyAsync((await Sink.NextAsync(wanted, Question)).Token)).ShouldBe(204);
        var me = await user.GetAsync("/me");
        Assert.That((me["email"], me["emailVerified"]), Is.EqualTo((wanted, "true")));
        await Sink.NextAsync(user.Email, "Your e-mail address was changed");
        (await Anonymous.PostAsync("/auth/login", new { email = wanted, password = user.Password })).ShouldBe(200);
        (await Anonymous.PostAsync("/auth/login", new { email = user.Email, password = user.Password })).ShouldBe(401);
    }

    [Test]
    public async Task What_was_mailed_to_the_old_address_speaks_for_it_no_more()
    {
        var (user, wanted) = (await SignUpAsync(), NewAddress());
        var (verification, reset) = (
            await Sink.NextAsync(user.Email, "Confirm your e-mail address"),
            await ForgetAsync(user.Email)
        );
        await user.PatchAsync("/me", new { email = wanted });

        (await VerifyAsync((await Sink.NextAsync(wanted, Question)).Token)).ShouldBe(204);

        (await VerifyAsync(verification.Token)).ShouldRefuse(400, "invalid_token");
        (await ResetAsync(reset, "another horse, another stable")).ShouldRefuse(400, "invalid_token");
    }

    [Test]
    public async Task A_second_factor_is_asked_for_its_code()
    {
        var (user, wanted) = (await SignUpAsync(), NewAddress());
        var app = await Authenticator.SwitchOnAsync(user);

        (await user.PatchAsync("/me", new { email = wanted })).ShouldNameField("code");
        (await user.PatchAsync("/me", new { email = wanted, code = app.WrongCode })).ShouldNameField("code");
        (await user.PatchAsync("/me", new { email = wanted, code = app.RecoveryCodes[0] })).ShouldBe(200);

        await Sink.NextAsync(wanted, Question);
    }

    [Test]
    public async Task That_an_address_is_taken_is_told_to_who_reads_its_mail_alone()
    {
        var (user, other) = (await SignUpAsync(), await SignUpAsync());

        (await user.PatchAsync("/me", new { email = other.Email })).ShouldBe(200);

        (await VerifyAsync((await Sink.NextAsync(other.Email, Question)).Token)).ShouldRefuse(409, "email_taken");
        Assert.That((await user.GetAsync("/me"))["email"], Is.EqualTo(user.Email));
    }

    [Test]
    public async Task Of_several_the_last_one_asked_for_counts()
    {
        var (user, first, last) = (await SignUpAsync(), NewAddress(), NewAddress());
        await user.PatchAsync("/me", new { email = first });
        var early = await Sink.NextAsync(first, Question);
        await user.PatchAsync("/me", new { email = last });

        (await VerifyAsync(early.Token)).ShouldRefuse(400, "invalid_token");
        (await VerifyAsync((await Sink.NextAsync(last, Question)).Token)).ShouldBe(204);

        Assert.That((await user.GetAsync("/me"))["email"], Is.EqualTo(last));
    }

    [Test]
    public async Task Asking_for_the_own_address_withdraws_the_change()
    {
        var (user, wanted) = (await SignUpAsync(), NewAddress());
        await user.PatchAsync("/me", new { email = wanted });
        var mail = await Sink.NextAsync(wanted, Question);

        (await user.PatchAsync("/me", new { email = user.Email })).ShouldBe(200);

        (await VerifyAsync(mail.Token)).ShouldRefuse(400, "invalid_token");
    }

    [Test]
    public async Task The_own_address_is_no_new_one()
    {
        var user = await SignUpAsync();
        var version = (await user.GetAsync("/me")).ETag;

        var answer = await user.PatchAsync("/me", new { email = user.Email });

        Assert.That(answer.ShouldBe(200).ETag, Is.EqualTo(version));
    }

    [TestCase("""{"email":null}""", "email")]
    [TestCase("""{"email":"nobody"}""", "email")]
    [TestCase("""{"email":"a@b.example\r\nBcc: c@d.example"}""", "email")]
    public async Task Bad_input_is_named(string body, string field)
    {
        var user = await SignUpAsync();

        (await user.SendRawAsync(HttpMethod.Patch, "/me", body)).ShouldNameField(field);
    }

    [Test]
    public async Task Asking_again_and_again_is_throttled()
    {
        var (user, wanted) = (await SignUpAsync(), NewAddress());
        for (var i = 0; i < 3; i++)
        {
            (await user.PatchAsync("/me", new { email = wanted })).ShouldBe(200);
        }

        (await user.PatchAsync("/me", new { email = wanted })).ShouldRefuse(429, "too_many_mails");
    }
}
