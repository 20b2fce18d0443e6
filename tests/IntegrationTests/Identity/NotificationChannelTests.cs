using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class NotificationChannelTests : ApiTest
{
    private const string Path = "/me/notification-channels";

    [Test]
    public async Task At_first_all_are_off()
    {
        var channels = (await (await SignUpAsync()).GetAsync(Path)).ShouldBe(200);

        Assert.That(
            channels.Text,
            Is.EqualTo(
                """{"email":{"enabled":false,"address":null,"offReason":null},"webhook":{"enabled":false,"url":null,"hasSecret":false,"offReason":null},"push":{"enabled":false,"url":null,"hasToken":false},"sms":{"enabled":false,"phoneNumber":null}}"""
            )
        );
    }

    [Test]
    public async Task Secrets_are_kept_sealed_and_never_read_back()
    {
        var user = await SignUpAsync();

        var set = await user.PutAsync(
            Path,
            """{"webhook":{"enabled":true,"url":"https://192.168.1.2/hook","secret":"unspoken secret"},"push":{"enabled":true,"url":"http://127.0.0.1:81/push","token":"unspoken token"}}"""
        );

        Assert.That(set.ShouldBe(200).Text, Does.Not.Contain("unspoken"));
        Assert.That((await user.GetAsync(Path)).Text, Is.EqualTo(set.Text));
        Assert.That(set.Json["webhook"]!["hasSecret"]!.GetValue<bool>(), Is.True);
        Assert.That(
            await StoredAsync<string>(
                "select encode(webhook_secret, 'escape') || encode(push_token, 'escape') from identity.notification_channels"
            ),
            Does.Not.Contain("unspoken")
        );
        Assert.That(
            await StoredAsync<long>(
                "select count(*) from audit.audit_outbox o where row_to_json(o)::text like '%unspoken%'"
            ),
            Is.Zero
        );
    }

    [Test]
    public async Task An_absent_channel_is_off_and_an_absent_secret_stays()
    {
        var user = await SignUpAsync();
        await user.PutAsync(
            Path,
            """{"webhook":{"enabled":true,"url":"https://10.0.0.1/","secret":"s"},"push":{"enabled":true,"url":"https://10.0.0.1/"}}"""
        );

        var changed = await user.PutAsync(Path, """{"webhook":{"enabled":true,"url":"https://10.0.0.1/b"}}""");

        Assert.That(changed.Json["webhook"]!["hasSecret"]!.GetValue<bool>(), Is.True);
        Assert.That(changed.Json["webhook"]!["url"]!.ToString(), Is.EqualTo("https://10.0.0.1/b"));
        Assert.That(changed.Json["push"]!["enabled"]!.GetValue<bool>(), Is.False);
    }

    [Test]
    public async Task An_empty_secret_clears_the_one_that_is_kept()
    {
        var user = await SignUpAsync();
        await user.PutAsync(
            Path,
            """{"webhook":{"enabled":true,"url":"https://10.0.0.1/","secret":"s"},"push":{"enabled":true,"url":"https://10.0.0.1/","token":"t"}}"""
        );

        var cleared = await user.PutAsync(
            Path,
            """{"webhook":{"enabled":true,"url":"https://10.0.0.1/","secret":""},"push":{"enabled":true,"url":"https://10.0.0.1/","token":null}}"""
        );

        Assert.That(cleared.ShouldBe(200).Json["webhook"]!["hasSecret"]!.GetValue<bool>(), Is.False);
        Assert.That(cleared.Json["push"]!["hasToken"]!.GetValue<bool>(), Is.True, "null is as absent");
        Assert.That(
            await StoredAsync<bool>("select webhook_secret is null from identity.notification_channels"),
            Is.True
        );
    }

    [TestCase("https://10.0.0.2/")]
    [TestCase("http://10.0.0.1/")]
    [TestCase("https://10.0.0.1:8443/")]
    public async Task A_secret_is_not_carried_to_somebody_else(string elsewhere)
    {
        var user = await SignUpAsync();
        await user.PutAsync(
            Path,
            """{"webhook":{"enabled":true,"url":"https://10.0.0.1/","secret":"s"},"push":{"enabled":true,"url":"https://10.0.0.1/","token":"t"}}"""
        );
        var off = await user.PutAsync(Path, "{}");
        Assert.That(off.ShouldBe(200).Json["webhook"]!["hasSecret"]!.GetValue<bool>(), Is.True);

        var moved = (
            await user.PutAsync(
                Path,
                new
                {
                    webhook = new { enabled = true, url = elsewhere },
                    push = new { enabled = true, url = elsewhere },
                }
            )
        ).ShouldBe(200);

        Assert.That(moved.Json["webhook"]!["hasSecret"]!.GetValue<bool>(), Is.False);
        Assert.That(moved.Json["push"]!["hasToken"]!.GetValue<bool>(), Is.False);
    }

    [Test]
    public async Task Of_two_who_know_the_same_version_one_wins()
    {
        var user = await SignUpAsync();
        var version = (await user.GetAsync(Path)).ETag!;

        (await user.PutAsync(Path, "{}", ("If-Match", version))).ShouldBe(200);

        (await user.PutAsync(Path, "{}", ("If-Match", version))).ShouldRefuse(412, "precondition_failed");
    }

    [TestCase("""{"email":{"enabled":true}}""", "email.enabled")]
    [TestCase("""{"email":{"enabled":false,"address":"nobody"}}""", "email.address")]
    [TestCase("""{"webhook":{"enabled":true}}""", "webhook.url")]
    [TestCase("""{"webhook":{"enabled":true,"url":"ftp://example.org"}}""", "webhook.url")]
    [TestCase("""{"webhook":{"enabled":true,"url":"https://a:b@10.0.0.1/"}}""", "webhook.url")]
    [TestCase("""{"webhook":{"enabled":true,"url":"https://169.254.169.254/latest"}}""", "webhook.url")]
    [TestCase("""{"webhook":{"enabled":true,"url":"https://10.0.0.1/\r\nX: y"}}""", "webhook.url")]
    [TestCase("""{"webhook":{"enabled":false,"url":"https://①②⑦.0.0.1/"}}""", "webhook.url")]
    [TestCase("""{"push":{"enabled":true,"url":"https://10.0.0.1/\ta"}}""", "push.url")]
    [TestCase("""{"push":{"enabled":true,"url":"https://[fe80::1]/"}}""", "push.url")]
    [TestCase("""{"sms":{"enabled":true,"phoneNumber":"030 123456"}}""", "sms.phoneNumber")]
    [TestCase("""{"sms":{"enabled":true}}""", "sms.phoneNumber")]
    [TestCase("""{"sms":{"enabled":true,"phoneNumber":"+4930123456"}}""", "sms.enabled")]
    [TestCase("""{"webhook":{"enabled":true,"url":"https://10.0.0.1/","secret":"whsec_!"}}""", "webhook.secret")]
    [TestCase("""{"pigeon":{"enabled":true}}""", "pigeon")]
    public async Task Bad_input_is_named(string body, string field) =>
        (await (await SignUpAsync()).PutAsync(Path, body)).ShouldNameField(field);
}
