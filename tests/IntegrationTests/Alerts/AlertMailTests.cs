using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.IntegrationTests.Identity;
using MimeKit;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>Mail and SMS of alerts, over SMTP and Twilio's REST as they are, on an installation whose users may not reach private networks.</summary>
internal sealed class AlertMailTests : MailTest
{
    private Receiver _twilio = null!;
    private int _prices;

    protected override async Task<string[]> SettingsAsync()
    {
        _twilio = await Receiver.StartAsync();
        return
        [
            "--CryptoBeacon:Hosting:AllowPrivateNetworkTargets=false",
            $"--CryptoBeacon:Sms:BaseUrl={_twilio.Url}",
            "--CryptoBeacon:Sms:AccountSid=AC123",
            "--CryptoBeacon:Sms:AuthToken=unspoken",
            "--CryptoBeacon:Sms:From=+15005550006",
        ];
    }

    [OneTimeTearDown]
    public ValueTask StopTwilio() => _twilio.DisposeAsync();

    [Test]
    public async Task A_mail_says_it_as_text_and_as_html_under_the_firings_id()
    {
        var user = await SignUpAsync();
        await SetAsync(user, """{"email":{"enabled":true}}""");

        await FireAsync(user, "email", notes: "<b>sell</b>");

        var message = (await MailAsync(user.Email)).Message;
        var firing = await FiringAsync(user, "sent");
        Assert.That(message.MessageId, Is.EqualTo($"{firing["id"]}@installation.example"));
        Assert.That(message.TextBody, Does.Contain("is at 101 USD (above 100)").And.Contain("<b>sell</b>"));
        Assert.That(message.HtmlBody, Does.Contain("&lt;b&gt;sell&lt;/b&gt;"));
        Assert.That(firing["notificationChannels"]!.ToJsonString(), Is.EqualTo("""["email"]"""));
    }

    [Test]
    public async Task One_click_stops_the_mails_and_a_look_at_the_link_does_not()
    {
        var user = await SignUpAsync();
        await SetAsync(user, """{"email":{"enabled":true}}""");
        await FireAsync(user, "email");
        var message = (await MailAsync(user.Email)).Message;
        Assert.That(message.Headers["List-Unsubscribe-Post"], Is.EqualTo("List-Unsubscribe=One-Click"));
        var link = new Uri(message.Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>'));
        using var http = new HttpClient();

        using var looked = await http.GetAsync(link);
        Assert.That(looked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await IsEmailOnAsync(user), Is.True);

        for (var click = 0; click < 2; click++)
        {
            using var form = new StringContent(
                "List-Unsubscribe=One-Click",
                Encoding.ASCII,
                "application/x-www-form-urlencoded"
            );
            using var clicked = await http.PostAsync(link, form);
            Assert.That(clicked.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(await IsEmailOnAsync(user), Is.False);
        }

        var email = (await user.GetAsync("/me/notification-channels")).Json["email"]!;
        Assert.That(email["offReason"]!.ToString(), Does.Contain("unsubscribe"));

        await SetAsync(user, """{"email":{"enabled":true}}""");
        email = (await user.GetAsync("/me/notification-channels")).Json["email"]!;
        Assert.That(email["offReason"], Is.Null);
    }

    [TestCase("")]
    [TestCase("?token=")]
    [TestCase("?token=AAAA")]
    public async Task What_is_no_token_stops_nothing(string query) =>
        (await Anonymous.PostAsync($"/unsubscribe{query}", new { })).ShouldBe(400);

    [Test]
    public async Task A_token_of_one_address_stops_no_mails_to_another()
    {
        var user = await SignUpAsync();
        await SetAsync(user, """{"email":{"enabled":true}}""");
        await FireAsync(user, "email");
        var link = (await MailAsync(user.Email)).Message.Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>');
        await SetAsync(user, $$$"""{"email":{"enabled":true,"address":"{{{NewAddress()}}}"}}""");

        var refused = await Anonymous.PostAsync($"/unsubscribe{new Uri(link).Query}", new { });

        refused.ShouldRefuse(400, "invalid_token");
        Assert.That(await IsEmailOnAsync(user), Is.True);
    }

    [Test]
    public async Task An_sms_goes_as_twilio_takes_it()
    {
        var user = await SignUpAsync();
        await SetAsync(user, """{"sms":{"enabled":true,"phoneNumber":"+4930123456"}}""");

        await FireAsync(user, "sms");

        await FiringAsync(user, "sent");
        var request = _twilio.Requests.Single(sent => sent.Body.Contains("4930123456"));
        Assert.That(request.Path, Is.EqualTo("/2010-04-01/Accounts/AC123/Messages.json"));
        Assert.That(
            request.Headers["Authorization"],
            Is.EqualTo($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("AC123:unspoken"))}")
        );
        Assert.That(
            WebUtility.UrlDecode(request.Body),
            Does.StartWith("To=+4930123456&From=+15005550006&Body=").And.Contain("is at 101 USD")
        );
    }

    [Test]
    public async Task An_sms_that_is_refused_for_good_fails_and_says_so()
    {
        var user = await SignUpAsync();
        await SetAsync(user, """{"sms":{"enabled":true,"phoneNumber":"+4930999999"}}""");
        _twilio.AnswerAlways(400);
        try
        {
            await FireAsync(user, "sms");

            var firing = await FiringAsync(user, "failed");
            Assert.That(firing["notificationSent"]!.GetValue<bool>(), Is.False);
            Assert.That(firing["deliveries"]![0]!["lastError"]!.ToString(), Is.EqualTo("The receiver answered 400."));
        }
        finally
        {
            _twilio.AnswerAlways(200);
        }
    }

    [Test]
    public async Task A_name_that_leads_inwards_by_the_time_of_the_call_is_not_called()
    {
        await using var inside = await Receiver.StartAsync();
        var user = await SignUpAsync();
        await SetAsync(user, """{"webhook":{"enabled":true,"url":"https://hooks.example.com/"}}""");
        // As if the name had been given another address since.
        await StoredAsync<int>(
            "update identity.notification_channels set webhook_url = $1 where webhook_enabled returning 1",
            $"http://localhost:{new Uri(inside.Url).Port}/"
        );

        await FireAsync(user, "webhook");

        var firing = await FiringAsync(user, "pending", attempts: 1);
        Assert.That(firing["deliveries"]![0]!["lastError"]!.ToString(), Does.Contain("private network"));
        Assert.That(inside.Requests, Is.Empty);
    }

    private static async Task SetAsync(ApiUser user, string channels) =>
        (await user.PutAsync("/me/notification-channels", channels)).ShouldBe(200);

    private static async Task<bool> IsEmailOnAsync(ApiUser user) =>
        (await user.GetAsync("/me/notification-channels")).Json["email"]!["enabled"]!.GetValue<bool>();

    private async Task FireAsync(ApiUser user, string channel, string? notes = null)
    {
        var coin = $"coin-{Interlocked.Increment(ref _prices)}";
        (
            await user.PostAsync(
                "/alerts",
                new
                {
                    coinId = coin,
                    condition = "above",
                    price = 100,
                    notificationChannels = new[] { channel },
                    notes,
                }
            )
        ).ShouldBe(201);
        var price = new
        {
            coinId = coin,
            currency = "USD",
            price = 101,
        };
        (await (await AdminAsync()).PostAsync("/admin/market/prices", new { prices = new[] { price } })).ShouldBe(202);
    }

    private Task<ReceivedMail> MailAsync(string address) =>
        ApiTest.EventuallyAsync(
            () => Task.FromResult(Sink.To(address).FirstOrDefault(mail => mail.Message.Subject!.StartsWith("coin-"))!),
            mail => mail is not null,
            TimeSpan.FromSeconds(30)
        );

    private static Task<JsonNode> FiringAsync(ApiUser user, string status, int attempts = 0) =>
        ApiTest.EventuallyAsync(
            async () => (await user.GetAsync("/alerts/history")).Items.SingleOrDefault()!,
            firing =>
                firing?["deliveries"]![0]! is { } delivery
                && delivery["status"]!.ToString() == status
                && delivery["attempts"]!.GetValue<int>() >= attempts,
            TimeSpan.FromSeconds(30)
        );
}
