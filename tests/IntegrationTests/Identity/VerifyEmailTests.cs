using System.Text.RegularExpressions;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class VerifyEmailTests : MailTest
{
    private const string Subject = "Confirm your e-mail address";

    [Test]
    public async Task Registering_mails_a_token_that_confirms_the_address_once()
    {
        var user = await SignUpAsync();
        Assert.That((await user.GetAsync("/me"))["emailVerified"], Is.EqualTo("false"));
        var mail = await Sink.NextAsync(user.Email, Subject);

        (await VerifyAsync(mail.Token)).ShouldBe(204);

        Assert.That((await user.GetAsync("/me"))["emailVerified"], Is.EqualTo("true"));
        (await VerifyAsync(mail.Token)).ShouldNameField("token").ShouldRefuse(400, "invalid_token");
    }

    [Test]
    public async Task One_can_ask_for_it_again_until_it_is_confirmed()
    {
        var user = await SignUpAsync();
        var first = await Sink.NextAsync(user.Email, Subject);

        (await user.PostAsync("/me/email/verification")).ShouldBe(202);
        await EventuallyTwoAsync(user.Email);
        (await VerifyAsync(first.Token)).ShouldBe(204);

        (await user.PostAsync("/me/email/verification")).ShouldRefuse(409, "email_verified");
    }

    [Test]
    public async Task Asking_again_and_again_is_throttled()
    {
        var user = await SignUpAsync();
        for (var i = 0; i < 3; i++)
        {
            (await user.PostAsync("/me/email/verification")).ShouldBe(202);
        }

        (await user.PostAsync("/me/email/verification")).ShouldRefuse(429, "too_many_mails");
    }

    [Test]
    public async Task A_mail_is_a_decent_mail()
    {
        var user = await SignUpAsync();

        var message = (await Sink.NextAsync(user.Email, Subject)).Message;

        Assert.That(message.From.ToString(), Is.EqualTo("\"Crypto Beacon\" <beacon@installation.example>"));
        Assert.That(message.ReplyTo.ToString(), Is.EqualTo(message.From.ToString()));
        Assert.That(message.To.ToString(), Is.EqualTo(user.Email));
        Assert.That(message.MessageId, Does.Match("^[0-9a-f-]{36}@installation.example$"));
        Assert.That(message.Headers["Auto-Submitted"], Is.EqualTo("auto-generated"));
        Assert.That(message.TextBody, Does.Contain("Token: "));
        Assert.That(message.HtmlBody, Does.Contain("<code>"));
    }

    [Test]
    public async Task What_users_call_themselves_reaches_neither_headers_nor_words()
    {
        var (plain, clever) = (NewAddress(), $"=?utf-8?q?x=0d=0abcc=3a?={NewAddress()}");
        foreach (var email in new[] { plain, clever })
        {
            var body = new
            {
                email,
                password = "correct horse battery staple",
                displayName = "=?utf-8?q?x=0d=0aBcc:victim@tests.example?= <b>Win</b>",
            };
            (await Anonymous.PostAsync("/auth/register", body)).ShouldBe(201);
        }

        var mails = new[] { await Sink.NextAsync(plain, Subject), await Sink.NextAsync(clever, Subject) };

        foreach (var mail in mails)
        {
            Assert.That(mail.Recipients, Has.Length.EqualTo(1));
            Assert.That(mail.Message.Bcc, Is.Empty);
            Assert.That(mail.Raw, Does.Not.Match(new Regex("^bcc", RegexOptions.IgnoreCase | RegexOptions.Multiline)));
            Assert.That(mail.Raw, Does.Not.Contain("Win"));
        }
    }

    [TestCase("a@b.example\r\nBcc: victim@tests.example", "Bob", "email")]
    [TestCase("a@b.example", "Bob\r\nBcc: victim@tests.example", "displayName")]
    public async Task A_line_break_gets_into_no_account(string email, string displayName, string field) =>
        (
            await Anonymous.PostAsync(
                "/auth/register",
                new
                {
                    email,
                    displayName,
                    password = "correct horse battery staple",
                }
            )
        ).ShouldNameField(field);

    [Test]
    public async Task What_is_stored_gives_nobody_a_token()
    {
        var user = await SignUpAsync();
        var token = (await Sink.NextAsync(user.Email, Subject)).Token;

        Assert.That(
            await StoredAsync<long>(
                """
                select count(*) from (
                    select row_to_json(o)::text from platform.outbox o
                    union all select row_to_json(j)::text from hangfire.job j
                    union all select row_to_json(t)::text from identity.one_time_tokens t
                ) stored (text) where text like '%' || $1 || '%'
                """,
                token
            ),
            Is.Zero
        );
        Assert.That(
            await StoredAsync<long>(
                "select count(*) from hangfire.job where arguments::text like '%' || $1 || '%'",
                user.Email
            ),
            Is.Zero
        );
    }

    [Test]
    public async Task A_mail_server_that_is_busy_gets_the_same_mail_later()
    {
        var (email, refusals) = (NewAddress(), 0);
        Sink.Refusal = recipient => recipient == email && refusals++ == 0 ? $"451 <{email}> is busy" : null;

        var user = await SignUpAsync(email);
        await ApiTest.EventuallyAsync(
            async () =>
            {
                // Hangfire's back-off starts with a quarter of a minute.
                await StoredAsync<int>("update hangfire.set set score = 0 where key = 'schedule'");
                return Sink.To(email).Any();
            },
            hasCome => hasCome
        );

        Assert.That(refusals, Is.EqualTo(2));
        (await VerifyAsync((await Sink.NextAsync(user.Email, Subject)).Token)).ShouldBe(204);
        Assert.That(
            await StoredAsync<long>(
                "select count(*) from hangfire.state where data::text like '%' || $1 || '%'",
                email
            ),
            Is.Zero,
            "what the mail server said is not kept"
        );
    }

    [Test]
    public async Task A_mail_that_is_sent_twice_is_the_same_and_brings_no_spent_token_back()
    {
        var user = await SignUpAsync();
        var first = await Sink.NextAsync(user.Email, Subject);
        await EventuallyNoMailWaitsAsync();
        // As if the server had been killed between the sending and its note.
        var id = Guid.Parse(first.Message.MessageId!.Split('@')[0]);
        await StoredAsync<int>(
            "insert into identity.mails (id, user_id, kind) select $1, id, 'verify_email' from identity.users where email = $2",
            id,
            user.Email
        );

        await EventuallyTwoAsync(user.Email);

        var both = Sink.To(user.Email).ToList();
        Assert.That(both[1].Token, Is.EqualTo(first.Token));
        Assert.That(both[1].Message.MessageId, Is.EqualTo(first.Message.MessageId));
    }

    [Test]
    public async Task A_mail_that_no_mail_server_will_ever_take_is_given_up()
    {
        var email = NewAddress();
        Sink.Refusal = recipient => recipient == email ? "550 no such user" : null;

        await SignUpAsync(email);

        await EventuallyNoMailWaitsAsync();
        Assert.That(Sink.To(email), Is.Empty);
    }

    private async Task EventuallyTwoAsync(string email) =>
        await ApiTest.EventuallyAsync(() => Task.FromResult(Sink.To(email).Count()), count => count == 2);

    private async Task EventuallyNoMailWaitsAsync() =>
        await ApiTest.EventuallyAsync(
            () => StoredAsync<long>("select count(*) from identity.mails"),
            count => count == 0
        );
}
