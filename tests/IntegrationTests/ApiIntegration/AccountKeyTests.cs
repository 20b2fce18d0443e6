using System.Text.Json.Nodes;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>Keys that the exchange is asked about.</summary>
internal sealed class AccountKeyTests : AccountTest
{
    [Test]
    public async Task One_that_may_only_read_is_kept_with_what_it_may()
    {
        var added = (await TryToAddKeyAsync()).ShouldBe(201);

        Assert.That(added["permissionsChecked"], Is.EqualTo("true"));
        Assert.That(
            added.Json["permissions"]!.AsArray().Select(permission => permission!.ToString()),
            Is.EqualTo(new[] { "query-funds", "query-closed-trades" })
        );
    }

    [Test]
    public async Task One_that_may_withdraw_is_refused()
    {
        Kraken.KeyMayWithdraw = true;

        (await TryToAddKeyAsync()).ShouldRefuse(400, "withdraw_permission").ShouldNameField("apiKey");

        Assert.That(await StoredAsync<long>("select count(*) from api_integration.api_keys"), Is.Zero);
    }

    [Test]
    public async Task Nor_does_it_take_the_place_of_another()
    {
        var key = (await TryToAddKeyAsync()).ShouldBe(201);
        Kraken.KeyMayWithdraw = true;

        (await User.PatchAsync(key.Location!, new { apiKey = "another-key-of-somebody" })).ShouldRefuse(
            400,
            "withdraw_permission"
        );

        Assert.That((await User.GetAsync(key.Location!)).Text, Is.EqualTo(key.Text));
    }

    [Test]
    public async Task One_that_the_exchange_does_not_know_is_refused_in_plain_words()
    {
        Kraken.Error = "EAPI:Invalid key";

        var refusal = (await TryToAddKeyAsync()).ShouldNameField("apiKey");

        Assert.That(refusal.Text, Does.Contain("does not accept the key"));
    }

    [Test]
    public async Task Where_the_exchange_gives_no_answer_it_is_kept_unchecked_and_checked_by_a_test()
    {
        Kraken.Error = "EGeneral:Internal error";
        var added = (await TryToAddKeyAsync()).ShouldBe(201);
        Kraken.Error = null;

        var test = (await User.PostAsync($"{added.Location}/test")).ShouldBe(200);

        Assert.That(added["permissionsChecked"], Is.EqualTo("false"));
        Assert.That(test["ok"], Is.EqualTo("true"));
        Assert.That(test["mayWithdraw"], Is.EqualTo("false"));
        var now = (await User.GetAsync(added.Location!)).ShouldBe(200);
        Assert.That(now["permissionsChecked"], Is.EqualTo("true"));
        Assert.That(now["lastUsed"], Is.Not.Null);
    }

    [TestCase("EAPI:Invalid key", "invalid_key")]
    [TestCase("EGeneral:Permission denied", "missing_permission")]
    [TestCase("EAPI:Rate limit exceeded", "rate_limited")]
    [TestCase("EGeneral:Internal error", "refused")]
    public async Task A_test_says_why_the_exchange_does_not_take_it(string error, string code)
    {
        var key = await AddKeyAsync();
        Kraken.Error = error;

        var test = (await User.PostAsync($"{key}/test")).ShouldBe(200);

        Assert.That(test["ok"], Is.EqualTo("false"));
        Assert.That(test["code"], Is.EqualTo(code));
        Assert.That(test["error"], Does.StartWith("kraken ").And.Not.Contain(Secret));
    }

    [Test]
    public async Task Words_of_the_exchange_that_are_no_text_do_no_harm()
    {
        var key = await AddKeyAsync();
        Kraken.Error = "E\0 of the key";

        var test = (await User.PostAsync($"{key}/test")).ShouldBe(200);

        Assert.That(test["ok"], Is.EqualTo("false"));
        Assert.That(test["error"], Does.Not.Contain("\0"));
        await EventuallyAsync(() => User.GetAsync("/api-usage"), usage => usage.ShouldBe(200).Items.Count == 2);
    }

    [Test]
    public async Task An_exchange_that_names_permissions_without_end_is_one_that_was_not_understood()
    {
        Kraken.Refusal = new PlayedAnswer(
            new JsonObject
            {
                ["error"] = new JsonArray(),
                ["result"] = new JsonObject
                {
                    ["permissions"] = new JsonArray([
                        .. Enumerable.Range(0, 1000).Select(i => JsonValue.Create($"p{i}")),
                    ]),
                },
            }
        );

        Assert.That((await TryToAddKeyAsync()).ShouldBe(201)["permissionsChecked"], Is.EqualTo("false"));
    }

    [Test]
    public async Task One_that_turns_out_to_withdraw_is_taken_out_of_use()
    {
        var key = await AddKeyAsync();
        Kraken.KeyMayWithdraw = true;

        var test = (await User.PostAsync($"{key}/test")).ShouldBe(200);

        Assert.That((test["ok"], test["code"]), Is.EqualTo(("false", "withdraw_permission")));
        (await User.PostAsync($"{key}/test")).ShouldRefuse(409, "inactive");
    }

    [Test]
    public async Task One_kept_unchecked_that_may_withdraw_is_found_out_before_a_sync_reads_anything()
    {
        var (key, portfolio) = (await AddUncheckedAsync(), await AddPortfolioAsync());
        Kraken.KeyMayWithdraw = true;

        var run = await SyncAsync(key, portfolio);

        Assert.That(run["status"]!.ToString(), Is.EqualTo("failed"));
        Assert.That(run["error"]!["code"]!.ToString(), Is.EqualTo("withdraw_permission"));
        Assert.That(run["error"]!["message"]!.ToString(), Does.Contain("may withdraw"));
        Assert.That(Kraken.PagesAsked, Is.Zero);
        Assert.That((await User.GetAsync(key)).ShouldBe(200)["isActive"], Is.EqualTo("false"));
    }

    [Test]
    public async Task And_before_an_account_is_reconciled()
    {
        var (key, portfolio) = (await AddUncheckedAsync(), await AddPortfolioAsync());
        Kraken.KeyMayWithdraw = true;

        (await User.GetAsync($"{key}/reconciliation?portfolioId={portfolio}")).ShouldRefuse(409, "withdraw_permission");

        Assert.That(Kraken.Requests.Select(request => request.Path), Has.None.EqualTo("/0/private/Balance"));
        Assert.That((await User.GetAsync(key)).ShouldBe(200)["isActive"], Is.EqualTo("false"));
    }

    [Test]
    public async Task One_kept_unchecked_that_may_only_read_is_checked_by_its_first_sync()
    {
        var (key, portfolio) = (await AddUncheckedAsync(), await AddPortfolioAsync());

        var run = await SyncAsync(key, portfolio);

        Assert.That(run["status"]!.ToString(), Is.EqualTo("succeeded"));
        Assert.That((await User.GetAsync(key)).ShouldBe(200)["permissionsChecked"], Is.EqualTo("true"));
    }

    [Test]
    public async Task Where_our_own_limit_keeps_it_from_being_checked_it_is_not_kept()
    {
        var key = await AddKeyAsync();
        await StoredAsync<int>(
            "update api_integration.rate_limit_buckets set blocked_until = now() + interval '1 hour' returning used"
        );

        var added = (await TryToAddKeyAsync()).ShouldRefuse(429, "rate_limited");
        var replaced = (await User.PatchAsync(key, new { apiKey = "another-key-of-somebody" })).ShouldRefuse(
            429,
            "rate_limited"
        );

        Assert.That(added.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.FromMinutes(50)));
        Assert.That(replaced.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.FromMinutes(50)));
        Assert.That(
            await StoredAsync<string>("select string_agg(masked, ' ') from api_integration.api_keys"),
            Is.EqualTo("****0a1b")
        );
    }

    [Test]
    public async Task Nobody_has_exchanges_asked_more_often_than_a_few_times_a_minute()
    {
        var key = await AddKeyAsync();
        for (var i = 0; i < 5; i++)
        {
            (await User.PostAsync($"{key}/test")).ShouldBe(200);
        }

        var refusal = (await User.PostAsync($"{key}/test")).ShouldRefuse(429, "rate_limited");

        Assert.That(refusal.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));
        (await TryToAddKeyAsync()).ShouldRefuse(429, "rate_limited");
        Assert.That(Kraken.Requests.Count(), Is.EqualTo(6));
    }

    [Test]
    public async Task What_is_wrong_with_a_secret_is_said_of_the_secret()
    {
        Kraken.Error = "EAPI:Invalid signature";
        (await TryToAddKeyAsync()).ShouldNameField("apiSecret");
        Kraken.Error = null;

        foreach (var secret in new[] { "no base64 at all", null })
        {
            (
                await User.PostAsync(
                    "/api-keys",
                    new
                    {
                        providerId = ProviderId,
                        name = "mine",
                        apiKey = Key,
                        apiSecret = secret,
                    }
                )
            ).ShouldNameField("apiSecret");
        }
    }

    [Test]
    public async Task What_nobody_has_said_that_it_may_is_told_the_same_way_at_once_and_later()
    {
        Kraken.Refusal = new PlayedAnswer(new JsonObject(), Status: 503);
        var added = (await TryToAddKeyAsync()).ShouldBe(201);

        Assert.That((await User.GetAsync(added.Location!)).Text, Is.EqualTo(added.Text));
    }

    /// <summary>Its path.</summary>
    private async Task<string> AddUncheckedAsync()
    {
        Kraken.Refusal = new PlayedAnswer(new JsonObject(), Status: 503);
        var added = (await TryToAddKeyAsync()).ShouldBe(201);
        Kraken.Refusal = null;
        Assert.That(added["permissionsChecked"], Is.EqualTo("false"));
        return added.Location!;
    }

    [Test]
    public async Task Calls_are_listed_and_counted_without_what_signs_them()
    {
        var key = await AddKeyAsync();
        (await User.PostAsync($"{key}/test")).ShouldBe(200);
        Kraken.Error = "EAPI:Invalid key";
        (await User.PostAsync($"{key}/test")).ShouldBe(200);

        var calls = await EventuallyAsync(
            async () => (await User.GetAsync($"/api-usage?providerId={ProviderId}")).ShouldBe(200),
            answer => answer.Items.Count == 3
        );

        Assert.That(calls.Text, Does.Not.Contain(Key).And.Not.Contain(Secret));
        Assert.That(calls.Items[0]!["endpoint"]!.ToString(), Does.Contain("/0/private/GetApiKeyInfo"));
        Assert.That(calls.Items[0]!["error"], Is.Not.Null);
        Assert.That(calls.Items[1]!["apiKeyId"]!.ToString(), Is.EqualTo(key.Split('/')[^1]));
        var page = (await User.GetAsync("/api-usage?limit=2")).ShouldBe(200);
        Assert.That(
            (await User.GetAsync($"/api-usage?limit=2&cursor={page["nextCursor"]}")).Items.Single()!.ToJsonString(),
            Is.EqualTo(calls.Items[2]!.ToJsonString())
        );
        Assert.That((await User.GetAsync("/api-usage?from=2030-01-01T00:00:00Z")).Items, Is.Empty);
        (await User.GetAsync("/api-usage?from=yesterday")).ShouldNameField("from");
        Assert.That((await Admin.GetAsync("/api-usage")).Items, Is.Empty);

        (await Admin.PatchAsync($"/admin/providers/{ProviderId}", new { rateLimitWindow = "PT1H" })).ShouldBe(200);
        var summary = (await User.GetAsync("/api-usage/summary"))
            .ShouldBe(200)
            .Items.Single(provider => provider!["providerId"]!.ToString() == ProviderId)!;
        Assert.That(summary["windowCount"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(summary["windowLimit"]!.GetValue<int>(), Is.EqualTo(10_000));
        Assert.That(summary["remaining"]!.GetValue<int>(), Is.EqualTo(9_997));
        Assert.That(summary["errorRate"]!.ToString(), Does.StartWith("0.3333"));
        Assert.That(summary["p50Ms"], Is.Not.Null);
        Assert.That(summary["resetsAt"], Is.Not.Null);

        var unlimited = (await User.GetAsync("/api-usage/summary")).Items.Single(provider =>
            provider!["provider"]!.ToString() == "simulated"
        )!;
        Assert.That((unlimited["windowLimit"], unlimited["remaining"]), Is.EqualTo(((object?)null, (object?)null)));

        // What others have taken is gone for all.
        await StoredAsync<int>(
            """
            update api_integration.rate_limit_buckets set used = 9000, window_start = date_bin('1 hour', now(), '1970-01-01T00:00:00Z') returning used
            """
        );
        Assert.That(await RemainingAsync(), Is.EqualTo(1000));
        await StoredAsync<int>(
            "update api_integration.rate_limit_buckets set blocked_until = now() + interval '3 hours' returning used"
        );
        Assert.That(await RemainingAsync(), Is.Zero);

        async Task<int> RemainingAsync() =>
            (await User.GetAsync("/api-usage/summary"))
                .ShouldBe(200)
                .Items.Single(provider => provider!["providerId"]!.ToString() == ProviderId)![
                "remaining"
            ]!.GetValue<int>();
    }
}
