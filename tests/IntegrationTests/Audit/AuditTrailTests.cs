using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.IntegrationTests.Identity;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary>Which acts leave an entry, and what it says.</summary>
internal sealed class AuditTrailTests : AuditTest
{
    [Test]
    public async Task A_portfolio_leaves_an_entry_when_it_is_opened_revised_and_deleted()
    {
        var user = await SignUpAsync();
        var id = await OpenPortfolioAsync(user);
        (await user.PatchAsync($"/portfolios/{id}", new { name = "Second" })).ShouldBe(200);
        var change = await LastAsync(user, "portfolios");
        (await user.DeleteAsync($"/portfolios/{id}")).ShouldBe(204);

        Assert.That(await ActionsAsync(user, "portfolios"), Is.EqualTo(new[] { "created", "changed", "deleted" }));
        Assert.That(Text(change, "entityId"), Is.EqualTo(id));
        Assert.That(Text(change, "actorId"), Is.EqualTo(await IdAsync(user)));
        Assert.That(
            change["changes"]!.ToJsonString(),
            Is.EqualTo("""{"after":{"name":"Second"},"before":{"name":"First"}}""")
        );
    }

    [Test]
    public async Task A_trade_leaves_an_entry_when_it_is_recorded_amended_and_deleted()
    {
        var user = await SignUpAsync();
        var id = await RecordAsync(user, await OpenPortfolioAsync(user));
        (await user.PatchAsync($"/trades/{id}", new { quantity = "3" })).ShouldBe(200);
        var change = await LastAsync(user, "trades");
        (await user.DeleteAsync($"/trades/{id}")).ShouldBe(204);

        Assert.That(await ActionsAsync(user, "trades"), Is.EqualTo(new[] { "created", "changed", "deleted" }));
        Assert.That(
            change["changes"]!["before"]!.ToJsonString(),
            Is.EqualTo("""{"quantity":"2","totalValue":"200"}""")
        );
        Assert.That(change["changes"]!["after"]!.ToJsonString(), Is.EqualTo("""{"quantity":"3","totalValue":"300"}"""));
    }

    [Test]
    public async Task The_entry_of_an_imported_trade_is_of_its_import_whenever_it_is_written()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenPortfolioAsync(user);
        var imported = (
            await user.PostCsvAsync(
                $"/trades/import?portfolioId={portfolio}",
                "timestamp,coinId,type,quantity,price\n2026-01-01T00:00:00Z,bitcoin,buy,1,100\n"
            )
        ).ShouldBe(200);
        var trade = (await user.GetAsync($"/trades?importId={imported["importId"]}")).ShouldBe(200).Items.Single()!;
        (await user.PatchAsync($"/trades/{trade["id"]}", new { quantity = "2" })).ShouldBe(200);

        var entries = (await TrailAsync(user)).Where(entry => Text(entry, "entity") == "trades");
        var history = (await user.GetAsync($"/trades/{trade["id"]}/history")).ShouldBe(200).Items;
        Assert.That(
            entries.Select(entry => Text(entry, "occurredAt")),
            Is.EqualTo(history.Select(version => Text(version!, "changedAt")))
        );
        Assert.That(Text(entries.First(), "occurredAt"), Is.LessThan(Text(entries.Last(), "occurredAt")));
    }

    [Test]
    public async Task Every_imported_trade_leaves_an_entry_and_so_does_its_undoing()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenPortfolioAsync(user);
        var imported = (
            await user.PostCsvAsync(
                $"/trades/import?portfolioId={portfolio}",
                "timestamp,coinId,type,quantity,price\n2026-01-01T00:00:00Z,bitcoin,buy,1,100\n2026-01-02T00:00:00Z,bitcoin,buy,1,100\n"
            )
        ).ShouldBe(200);
        (await user.DeleteAsync($"/trades/imports/{imported["importId"]}")).ShouldBe(204);

        Assert.That(
            await ActionsAsync(user, "trades"),
            Is.EqualTo(new[] { "created", "created", "deleted", "deleted" })
        );
        Assert.That(await ActionsAsync(user, "trade_imports"), Is.EqualTo(new[] { "created", "deleted" }));
    }

    [Test]
    public async Task A_portfolio_that_is_deleted_by_force_leaves_entries_of_its_trades_and_balances()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenPortfolioAsync(user);
        await RecordAsync(user, portfolio);
        (
            await user.PutAsync(
                $"/portfolios/{portfolio}/assets/ethereum",
                new { quantity = "1.50", avgBuyPrice = "2" }
            )
        ).ShouldBe(201);
        var balance = await LastAsync(user, "opening_balances");
        (await user.DeleteAsync($"/portfolios/{portfolio}?force=true")).ShouldBe(204);

        Assert.That(
            balance["changes"]!["after"]!.ToJsonString(),
            Is.EqualTo("""{"quantity":"1.5","avgBuyPrice":"2"}""")
        );
        Assert.That(await ActionsAsync(user, "trades"), Is.EqualTo(new[] { "created", "deleted" }));
        Assert.That(await ActionsAsync(user, "opening_balances"), Is.EqualTo(new[] { "created", "deleted" }));
    }

    [Test]
    public async Task Who_verifies_the_trail_leaves_an_entry()
    {
        var admin = await AdminAsync();
        (await admin.PostAsync("/admin/audit/verify")).ShouldBe(200);
        (await admin.PostAsync("/admin/audit/verify", null, ("Prefer", "respond-async"))).ShouldBe(202);
        await AppendedAsync();

        var entries = (await admin.GetAsync("/admin/audit?entity=audit_verifications&limit=2")).ShouldBe(200).Items;

        Assert.That(entries.Select(entry => Text(entry!, "actorId")), Is.All.EqualTo(await IdAsync(admin)));
        Assert.That(entries[1]!["changes"]!["after"]!["valid"]!.ToString(), Is.EqualTo("true"));
    }

    [Test]
    public async Task An_alert_leaves_an_entry_when_it_fires_and_when_its_owner_changes_it()
    {
        var user = await SignUpAsync();
        var alert = (
            await user.PostAsync(
                "/alerts",
                new
                {
                    coinId = "bitcoin",
                    condition = "above",
                    price = 100,
                }
            )
        ).ShouldBe(201)["id"];
        await (await AdminAsync()).PostAsync(
            "/admin/market/prices",
            new
            {
                prices = new[]
                {
                    new
                    {
                        coinId = "bitcoin",
                        currency = "USD",
                        price = 200,
                    },
                },
            }
        );
        await EventuallyAsync(
            () => StoredAsync<bool>("select is_active from alerts.alerts where user_id = $1", Guid.Parse(IdOf(user))),
            isActive => !isActive
        );
        var firing = await LastAsync(user, "alerts");
        (await user.PatchAsync($"/alerts/{alert}", new { price = 300 })).ShouldBe(200);

        Assert.That(await ActionsAsync(user, "alerts"), Is.EqualTo(new[] { "created", "changed", "changed" }));
        Assert.That(firing["actorId"], Is.Null);
        Assert.That(
            firing["changes"]!["before"]!.ToJsonString(),
            Is.EqualTo("""{"isActive":true,"triggeredAt":null}""")
        );
        Assert.That((bool)firing["changes"]!["after"]!["isActive"]!, Is.False);
        Assert.That((DateTimeOffset?)firing["changes"]!["after"]!["triggeredAt"], Is.Not.Null);
    }

    [Test]
    public async Task An_account_leaves_entries_of_its_making_its_devices_and_its_password()
    {
        var user = await SignUpAsync();
        (await user.PatchAsync("/me", new { displayName = "Ada" })).ShouldBe(200);
        (
            await user.PutAsync(
                "/me/password",
                new { currentPassword = user.Password, newPassword = "another horse battery staple" }
            )
        ).ShouldBe(204);
        var password = await LastAsync(user, "users");
        (await Anonymous.PostAsync("/auth/logout", new { refreshToken = user.RefreshToken })).ShouldBe(204);

        var trail = await TrailAsync(
            await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, "another horse battery staple")
        );
        Assert.That(
            trail.Select(entry => $"{entry["entity"]} {entry["action"]}"),
            Is.EqualTo(
                new[]
                {
                    "users created",
                    "sessions created",
                    "users changed",
                    "users changed",
                    "sessions changed",
                    "sessions created",
                }
            )
        );
        Assert.That(trail.Select(entry => Text(entry, "actorId")).Distinct(), Is.EqualTo(new[] { IdOf(user) }));
        Assert.That(
            password["changes"]!.ToJsonString(),
            Is.EqualTo("""{"after":{"passwordHash":"redacted"},"before":{"passwordHash":"redacted"}}""")
        );
    }

    [Test]
    public async Task What_an_administrator_does_to_a_user_is_in_both_their_sights_and_the_address_in_one()
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());
        var id = await IdAsync(user);
        (await admin.PatchAsync($"/admin/users/{id}", new { role = "admin" })).ShouldBe(200);

        var own = await LastAsync(user, "users");
        var found = (
            await admin.GetAsync($"/admin/audit?actor={await IdAsync(admin)}&entity=users&entityId={id}&action=changed")
        ).ShouldBe(200);
        Assert.That(Text(own, "actorId"), Is.EqualTo(await IdAsync(admin)));
        Assert.That(own["changes"]!["after"]!.ToJsonString(), Is.EqualTo("""{"role":"admin"}"""));
        Assert.That(own.AsObject().ContainsKey("ipAddress"), Is.False);
        Assert.That(found.Items.Single()!["ipAddress"]!.ToString(), Is.EqualTo("127.0.0.1"));
    }

    [Test]
    public async Task What_an_administrator_does_to_the_market_leaves_entries()
    {
        var admin = await AdminAsync();
        (
            await admin.PutAsync("/admin/market/coins/audited-coin", new { symbol = "AUDITED", name = "Audited" })
        ).ShouldBe(201);
        (
            await admin.PostAsync(
                "/admin/market/prices",
                new
                {
                    prices = new[]
                    {
                        new
                        {
                            coinId = "bitcoin",
                            currency = "USD",
                            price = 200,
                        },
                    },
                }
            )
        ).ShouldBe(202);
        (
            await admin.PostCsvAsync(
                "/admin/market/candles?coinId=bitcoin&currency=USD&interval=1d",
                "time,open,high,low,close,volume\n2026-01-01T00:00:00Z,1,1,1,1,1\n"
            )
        ).ShouldBe(200);
        await AppendedAsync();

        var acts = (await admin.GetAsync($"/admin/audit?actor={await IdAsync(admin)}&limit=3")).ShouldBe(200).Items;
        Assert.That(
            acts.Select(act => act!["entity"]!.ToString()),
            Is.EqualTo(new[] { "candles", "price_batches", "coins" })
        );
    }

    [Test]
    public async Task A_refused_command_leaves_none()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenPortfolioAsync(user);
        (await user.PostAsync("/trades", Trade(portfolio, "sell"))).ShouldRefuse(409, "insufficient_quantity");
        (await user.PatchAsync($"/portfolios/{portfolio}", new { isDefault = false, name = "Never" })).ShouldBe(409);

        Assert.That(await ActionsAsync(user, "trades"), Is.Empty);
        Assert.That(await ActionsAsync(user, "portfolios"), Is.EqualTo(new[] { "created" }));
    }

    [Test]
    public async Task A_watchlist_and_its_items_leave_entries()
    {
        var user = await SignUpAsync();
        var list = (await user.PostAsync("/watchlists", new { name = "First" })).ShouldBe(201)["id"];
        (await user.PostAsync($"/watchlists/{list}/items", new { coinId = "bitcoin" })).ShouldBe(201);
        (await user.PatchAsync($"/watchlists/{list}/items/bitcoin", new { notes = "Second" })).ShouldBe(200);
        var change = await LastAsync(user, "watchlist_items");
        (await user.DeleteAsync($"/watchlists/{list}")).ShouldBe(204);

        Assert.That(change["changes"]!["after"]!.ToJsonString(), Is.EqualTo("""{"notes":"Second"}"""));
        Assert.That(await ActionsAsync(user, "watchlist_items"), Is.EqualTo(new[] { "created", "changed", "deleted" }));
        Assert.That((await ActionsAsync(user, "watchlists"))[^1], Is.EqualTo("deleted"));
    }

    [Test]
    public async Task A_second_factor_leaves_entries_when_it_comes_and_goes_and_so_does_every_recovery_code()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var renewed = (await user.PostAsync("/me/mfa/recovery-codes", new { code = app.NextCode })).ShouldBe(200);
        var code = renewed.Json["recoveryCodes"]![0]!.ToString();
        (await user.DeleteAsync("/me/mfa/totp", new { password = user.Password, code })).ShouldBe(204);

        Assert.That(await ActionsAsync(user, "mfa_methods"), Is.EqualTo(new[] { "created", "changed", "deleted" }));
        var codes = (await ActionsAsync(user, "recovery_codes")).ToLookup(action => action);
        Assert.That((codes["created"].Count(), codes["deleted"].Count()), Is.EqualTo((20, 20)));
    }

    [Test]
    public async Task A_token_for_programs_leaves_entries_when_it_is_made_and_withdrawn_and_none_when_it_is_used()
    {
        var user = await SignUpAsync();
        var made = (await user.PostAsync("/me/tokens", new { name = "bot", scopes = new[] { "read" } })).ShouldBe(201);
        var entry = await LastAsync(user, "personal_access_tokens");
        (await new ApiClient(TestRun.Server.Client, made["token"]).GetAsync("/me")).ShouldBe(200);
        (await user.DeleteAsync(made.Location!)).ShouldBe(204);

        Assert.That(await ActionsAsync(user, "personal_access_tokens"), Is.EqualTo(new[] { "created", "deleted" }));
        Assert.That(entry["changes"]!["after"]!["name"]!.ToString(), Is.EqualTo("bot"));
        Assert.That(entry["changes"]!["after"]!["scopes"]!.ToJsonString(), Is.EqualTo("""["read"]"""));
    }

    /// <summary>Entries as their user reads them, opened: sealed, nothing would be found.</summary>
    [Test]
    public async Task Secrets_are_nowhere()
    {
        const string marker = "marker horse battery staple";
        var user = await SignUpAsync();
        var token = (await user.PostAsync("/me/tokens", new { name = "bot", scopes = new[] { "read" } })).ShouldBe(201);
        var app = await Authenticator.SwitchOnAsync(user);
        (
            await user.PutAsync(
                "/me/notification-channels",
                """{"webhook":{"enabled":true,"url":"https://127.0.0.1/","secret":"unspoken"},"push":{"enabled":true,"url":"https://127.0.0.1/","token":"unsaid"}}"""
            )
        ).ShouldBe(200);
        (
            await user.DeleteAsync("/me/mfa/totp", new { password = user.Password, code = app.RecoveryCodes[0] })
        ).ShouldBe(204);
        (await user.PutAsync("/me/password", new { currentPassword = user.Password, newPassword = marker })).ShouldBe(
            204
        );

        var trail = string.Concat(
            (await TrailAsync(await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, marker))).Select(entry =>
                entry.ToJsonString()
            )
        );
        var hash = await StoredAsync<string>("select password_hash from identity.users where email = $1", user.Email);
        var secrets = await StoredAsync<string[]>(
            "select array[encode(webhook_secret, 'hex'), encode(push_token, 'hex')] from identity.notification_channels"
        );
        Assert.That(trail, Does.Contain(user.Email).And.Contain("redacted"), "the search finds what is there");
        string[] unspoken =
        [
            marker,
            user.Password,
            hash!,
            user.RefreshToken,
            user.AccessToken!,
            token["token"]!,
            app.Secret,
            .. app.RecoveryCodes,
            "unspoken",
            "unsaid",
            .. secrets!,
        ];
        foreach (var secret in unspoken)
        {
            Assert.That(trail, Does.Not.Contain(secret));
        }
    }

    [Test]
    public async Task What_is_called_a_secret_is_kept_out_whoever_writes_the_entry()
    {
        var admin = await AdminAsync();
        await FillOutboxAsync(
            """
            jsonb_build_object('before', jsonb_build_object('apiKey', 'unspoken', 'name', 'a'), 'after', jsonb_build_object('apiKey', null, 'name', 'b'))
            """
        );
        await AppendedAsync();

        var entry = (await admin.GetAsync("/admin/audit?entity=tests")).ShouldBe(200).Items.Single()!;

        Assert.That(
            entry["changes"]!.ToJsonString(),
            Is.EqualTo("""{"after":{"name":"b","apiKey":null},"before":{"name":"a","apiKey":"redacted"}}""")
        );
    }

    [Test]
    public async Task What_has_been_confirmed_is_in_the_next_read_and_verified()
    {
        var (user, admin) = (await SignUpAsync(), await AdminAsync());
        for (var count = 1; count <= 20; count++)
        {
            await OpenPortfolioAsync(user);

            var trail = (await user.GetAsync("/me/audit?limit=200")).ShouldBe(200).Items;
            Assert.That(trail.Count(entry => Text(entry!, "entity") == "portfolios"), Is.EqualTo(count));
        }

        await FillOutboxAsync(2500);
        var verdict = (await admin.PostAsync("/admin/audit/verify")).ShouldBe(200);
        Assert.That((long)verdict.Json["entries"]!, Is.GreaterThan(2520));
    }

    [Test]
    public async Task Nobody_sees_the_trail_of_another()
    {
        var (user, other) = (await SignUpAsync(), await SignUpAsync());
        await OpenPortfolioAsync(other);

        Assert.That(await ActionsAsync(user, "portfolios"), Is.Empty);
        (await user.GetAsync("/admin/audit")).ShouldBe(403);
        (await user.PostAsync("/admin/audit/verify")).ShouldBe(403);
    }

    [Test]
    public async Task The_trail_comes_in_pages_each_entry_once()
    {
        var user = await SignUpAsync();
        await OpenPortfolioAsync(user);
        var all = (await TrailAsync(user)).Select(entry => (long)entry["sequence"]!).Reverse();

        var paged = new List<long>();
        for (var cursor = ""; cursor is not null; )
        {
            var page = (await user.GetAsync($"/me/audit?limit=1{cursor}")).ShouldBe(200);
            paged.AddRange(page.Items.Select(item => (long)item!["sequence"]!));
            cursor = page["nextCursor"] is { } next ? $"&cursor={next}" : null;
        }

        Assert.That(paged, Is.EqualTo(all));
    }

    [TestCase("actor=x", "actor")]
    [TestCase("action=looked", "action")]
    [TestCase("from=yesterday", "from")]
    [TestCase("to=2026-01-01", "to")]
    [TestCase("limit=0", "limit")]
    [TestCase("cursor=x", "cursor")]
    public async Task Bad_input_is_named(string query, string field) =>
        (await (await AdminAsync()).GetAsync($"/admin/audit?{query}")).ShouldNameField(field);

    [Test]
    public async Task A_search_covers_from_inclusive_to_exclusive()
    {
        var admin = await AdminAsync();
        await ChainOfAsync(1);
        var at = await StoredAsync<string>(
            """
            select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from audit.audit_entries where entity = 'tests'
            """
        );

        Assert.That((await admin.GetAsync($"/admin/audit?entity=tests&from={at}")).Items, Has.Count.EqualTo(1));
        Assert.That((await admin.GetAsync($"/admin/audit?entity=tests&to={at}")).Items, Is.Empty);
    }

    private static async Task<string> OpenPortfolioAsync(ApiUser user) =>
        (await user.PostAsync("/portfolios", new { name = "First" })).ShouldBe(201)["id"]!;

    private static async Task<string> RecordAsync(ApiUser user, string portfolio) =>
        (await user.PostAsync("/trades", Trade(portfolio, "buy"))).ShouldBe(201)["id"]!;

    private static JsonObject Trade(string portfolio, string type) =>
        new()
        {
            ["portfolioId"] = portfolio,
            ["coinId"] = "bitcoin",
            ["type"] = type,
            ["quantity"] = "2",
            ["price"] = "100",
        };

    /// <summary>From the token, which outlives its session.</summary>
    private static string IdOf(ApiUser user) =>
        JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(user.AccessToken!.Split('.')[1]))![
            "sub"
        ]!.ToString();
}
