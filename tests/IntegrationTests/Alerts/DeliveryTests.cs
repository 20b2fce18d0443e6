using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Alerts;

internal sealed class DeliveryTests : AlertTest
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string NewSecret = "whsec_c2l4dGVlbiBieXRlcyBhbmQgbW9yZSBvZiB0aGVt";

    private Receiver _receiver = null!;

    [SetUp]
    public async Task Listen() => _receiver = await Receiver.StartAsync();

    [TearDown]
    public ValueTask StopListening() => _receiver.DisposeAsync();

    [Test]
    public async Task A_webhook_is_signed_and_the_history_says_that_it_was_sent()
    {
        var user = await SignUpWithWebhookAsync(_receiver.Url);

        var alert = await FireAsync(user, "webhook");

        var request = (await _receiver.ReceivedAsync(1)).Single();
        var firing = await FiringAsync(user, delivery => delivery["status"]!.ToString() == "sent");
        Assert.That(request.Headers["webhook-id"], Is.EqualTo(firing["id"]!.ToString()));
        Assert.That(request.Headers["webhook-signature"], Is.EqualTo(Signature(Secret, request)));
        Assert.That(JsonNode.Parse(request.Body)!["data"]!["alertId"]!.ToString(), Is.EqualTo(alert));
        Assert.That(firing["notificationSent"]!.GetValue<bool>(), Is.True);
        Assert.That(firing["notificationChannels"]!.ToJsonString(), Is.EqualTo("""["webhook"]"""));
        Assert.That(firing["deliveries"]![0]!["answers"]![0]!["statusCode"]!.GetValue<int>(), Is.EqualTo(200));
    }

    [Test]
    public async Task A_secret_that_was_changed_signs_for_a_while_beside_the_new_one()
    {
        var user = await SignUpWithWebhookAsync(_receiver.Url);
        await SetAsync(
            user,
            new
            {
                webhook = new
                {
                    enabled = true,
                    url = _receiver.Url,
                    secret = NewSecret,
                },
            }
        );

        await FireAsync(user, "webhook");

        var request = (await _receiver.ReceivedAsync(1)).Single();
        Assert.That(
            request.Headers["webhook-signature"],
            Is.EqualTo($"{Signature(NewSecret, request)} {Signature(Secret, request)}")
        );
    }

    [Test]
    public async Task What_a_receiver_can_t_take_now_comes_again_with_the_same_id()
    {
        _receiver.Answer = (context, before) =>
        {
            context.Response.StatusCode = before == 0 ? 503 : 204;
            return Task.CompletedTask;
        };
        var user = await SignUpWithWebhookAsync(_receiver.Url);

        await FireAsync(user, "webhook");

        var requests = await _receiver.ReceivedAsync(2);
        Assert.That(requests[1].Headers["webhook-id"], Is.EqualTo(requests[0].Headers["webhook-id"]));
        var firing = await FiringAsync(user, delivery => delivery["status"]!.ToString() == "sent");
        Assert.That(firing["deliveries"]![0]!["attempts"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(
            firing["deliveries"]![0]!["answers"]!.AsArray().Select(answer => (int)answer!["statusCode"]!),
            Is.EqualTo(new[] { 503, 204 })
        );
    }

    [Test]
    public async Task Retry_after_is_honoured()
    {
        _receiver.AnswerAlways(429, ("Retry-After", "3600"));
        var user = await SignUpWithWebhookAsync(_receiver.Url);

        await FireAsync(user, "webhook");

        await FiringAsync(user, delivery => delivery["attempts"]!.GetValue<int>() == 1);
        Assert.That(
            await StoredAsync<bool>(
                "select next_attempt_at > now() + interval '59 minutes' from alerts.alert_deliveries where status = 'pending'"
            ),
            Is.True
        );
    }

    [Test]
    public async Task A_receiver_that_is_gone_switches_the_webhook_off_and_the_user_is_told()
    {
        _receiver.AnswerAlways(410);
        var user = await SignUpWithWebhookAsync(_receiver.Url);

        await FireAsync(user, "webhook");

        var firing = await FiringAsync(user, delivery => delivery["status"]!.ToString() == "failed");
        Assert.That(firing["notificationSent"]!.GetValue<bool>(), Is.False);
        Assert.That(firing["deliveries"]![0]!["lastError"]!.ToString(), Does.Contain("410"));
        var webhook = (await user.GetAsync("/me/notification-channels")).Json["webhook"]!;
        Assert.That(webhook["enabled"]!.GetValue<bool>(), Is.False);
        Assert.That(webhook["offReason"]!.ToString(), Does.Contain("410"));
    }

    [Test]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await Receiver.StartAsync();
        _receiver.AnswerAlways(302, ("Location", elsewhere.Url));
        var user = await SignUpWithWebhookAsync(_receiver.Url);

        await FireAsync(user, "webhook");

        var firing = await FiringAsync(user, delivery => delivery["attempts"]!.GetValue<int>() == 1);
        Assert.That(firing["deliveries"]![0]!["lastError"]!.ToString(), Does.Contain("redirects are not followed"));
        Assert.That(elsewhere.Requests, Is.Empty);
    }

    [Test]
    public async Task A_receiver_that_never_answers_keeps_nobody_else_waiting()
    {
        using var dead = new TcpListener(System.Net.IPAddress.Loopback, 0);
        dead.Start();
        var unlucky = await SignUpWithWebhookAsync($"http://{dead.LocalEndpoint}");
        var lucky = await SignUpWithWebhookAsync(_receiver.Url);
        await FireAsync(unlucky, "webhook");

        await FireAsync(lucky, "webhook");

        await FiringAsync(lucky, delivery => delivery["status"]!.ToString() == "sent");
        Assert.That(
            (await unlucky.GetAsync("/alerts/history")).Items.Single()!["deliveries"]![0]!["attempts"]!.GetValue<int>(),
            Is.Zero
        );
    }

    [Test]
    public async Task A_delivery_whose_server_was_killed_before_it_noted_the_answer_is_sent_again_under_its_id()
    {
        var user = await SignUpWithWebhookAsync(_receiver.Url);
        await FireAsync(user, "webhook");
        await FiringAsync(user, delivery => delivery["status"]!.ToString() == "sent");

        // As a kill between the answer and its note leaves the row, once the dead server's time is over.
        await StoredAsync<int>(
            "update alerts.alert_deliveries set status = 'pending', sent_at = null, claimed_until = now() - interval '1 second' returning 1"
        );
        await StoredAsync<string>("select platform.request_job('alerts.deliver', null)::text");

        var requests = await _receiver.ReceivedAsync(2);
        Assert.That(requests[1].Headers["webhook-id"], Is.EqualTo(requests[0].Headers["webhook-id"]));
    }

    [Test]
    public async Task A_firing_can_be_sent_again()
    {
        var user = await SignUpWithWebhookAsync(_receiver.Url);
        await FireAsync(user, "webhook");
        var firing = await FiringAsync(user, delivery => delivery["status"]!.ToString() == "sent");

        (await user.PostAsync($"/alerts/history/{firing["id"]}/redeliver", new { })).ShouldBe(202);

        var requests = await _receiver.ReceivedAsync(2);
        Assert.That(requests[1].Headers["webhook-id"], Is.EqualTo(requests[0].Headers["webhook-id"]));
        await FiringAsync(user, delivery => delivery["attempts"]!.GetValue<int>() == 2);
    }

    [Test]
    public async Task Only_one_s_own_firing_can_be_sent_again()
    {
        var user = await SignUpWithWebhookAsync(_receiver.Url);
        await FireAsync(user, "webhook");
        var firing = await FiringAsync(user, delivery => delivery["status"]!.ToString() == "sent");

        var refused = await (await SignUpAsync()).PostAsync($"/alerts/history/{firing["id"]}/redeliver", new { });

        refused.ShouldBe(404);
        Assert.That(_receiver.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("/topic", "Authorization", "Bearer tk_secret", "bitcoin is at 101 USD")]
    [TestCase("/message", "X-Gotify-Key", "tk_secret", "\"message\":\"bitcoin is at 101 USD")]
    public async Task Push_speaks_ntfy_and_gotify(string path, string header, string token, string body)
    {
        var user = await SignUpAsync();
        await SetAsync(
            user,
            new
            {
                push = new
                {
                    enabled = true,
                    url = _receiver.Url + path,
                    token = "tk_secret",
                },
            }
        );

        await FireAsync(user, "push");

        var request = (await _receiver.ReceivedAsync(1)).Single();
        Assert.That(request.Path, Is.EqualTo(path));
        Assert.That(request.Headers[header], Is.EqualTo(token));
        Assert.That(request.Body, Does.Contain(body));
    }

    private static async Task<ApiUser> SignUpWithWebhookAsync(string url)
    {
        var user = await SignUpAsync();
        await SetAsync(
            user,
            new
            {
                webhook = new
                {
                    enabled = true,
                    url,
                    secret = Secret,
                },
            }
        );
        return user;
    }

    private static async Task SetAsync(ApiClient user, object channels) =>
        (await user.PutAsync("/me/notification-channels", channels)).ShouldBe(200);

    private static async Task<string> FireAsync(ApiClient user, params string[] channels)
    {
        var alert = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 100,
                notificationChannels = channels,
            }
        );
        await PriceIsAsync(101);
        return alert;
    }

    /// <summary>The user's only firing, once its only delivery is as wanted.</summary>
    private static Task<JsonNode> FiringAsync(ApiClient user, Func<JsonNode, bool> isWanted) =>
        EventuallyAsync(
            async () => (await user.GetAsync("/alerts/history")).Items.Single()!,
            firing => isWanted(firing["deliveries"]![0]!),
            TimeSpan.FromSeconds(30)
        );

    /// <summary>As the specification says it, apart from the code that signs.</summary>
    private static string Signature(string secret, ReceivedRequest request) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(
                Convert.FromBase64String(secret["whsec_".Length..]),
                Encoding.UTF8.GetBytes(
                    $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}"
                )
            )
        );
}
