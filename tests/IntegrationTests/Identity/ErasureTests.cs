using System.Net;
using CryptoBeacon.IntegrationTests.Audit;
using CryptoBeacon.IntegrationTests.Database;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>Who is erased leaves nothing behind but a chain of entries that nobody can read any more.</summary>
internal sealed class ErasureTests : AuditTest
{
    private const string Marker = "zanzibar";

    [Test]
    public async Task No_column_of_no_table_keeps_what_was_known_of_the_user()
    {
        var user = await ApiUser.SignUpAsync(TestRun.Server.Client, $"{Marker}.mail@tests.example");
        await LeaveTracesAsync(user);
        var app = await Authenticator.SwitchOnAsync(user);
        await AppendedAsync();
        var id = await IdAsync(user);
        string[] traces = [Marker, user.RefreshToken, user.AccessToken!, app.Secret, .. app.RecoveryCodes];
        Assert.That(
            await FoundAsync(Marker),
            Is.SupersetOf(
                new[]
                {
                    "identity.users.email",
                    "identity.notification_channels.webhook_url",
                    "identity.personal_access_tokens.name",
                    "identity.sessions.user_agent",
                    "platform.idempotency_keys.key",
                    "portfolios.portfolios.name",
                    "trading.trades.notes",
                    "trading.trade_history.after",
                    "trading.trade_imports.file_name",
                    "watchlists.watchlists.name",
                    "alerts.alerts.notes",
                }
            ),
            "the search finds what is there"
        );

        (await user.DeleteAsync("/me", new { password = user.Password, code = app.RecoveryCodes[0] })).ShouldBe(204);
        await AppendedAsync();

        foreach (var trace in traces)
        {
            Assert.That(await FoundAsync(trace), Is.Empty, trace);
        }

        Assert.That(
            await FoundAsync(id),
            Is.SubsetOf(
                new[] { "audit.audit_entries.actor_id", "audit.audit_entries.user_id", "audit.audit_entries.entity_id" }
            )
        );
    }

    [Test]
    public async Task The_chain_stays_whole_and_says_that_something_was_without_saying_what()
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());
        var id = await IdAsync(user);
        await LeaveTracesAsync(user);
        await AppendedAsync();
        var before = (await admin.GetAsync($"/admin/audit?actor={id}&limit=200")).Items;
        Assert.That(before, Has.All.Matches<System.Text.Json.Nodes.JsonNode>(entry => entry["changes"] is not null));
        // What an import has brought is written down by a job, which has no address; the import's own entry has it.
        Assert.That(
            before.Where(entry => entry!["changes"]!["after"]?["importId"] is null),
            Has.All.Matches<System.Text.Json.Nodes.JsonNode>(entry => entry["ipAddress"] is not null)
        );

        (await EraseAsync(user)).ShouldBe(204);
        await AppendedAsync();

        var after = (await admin.GetAsync($"/admin/audit?actor={id}&limit=200")).Items;
        Assert.That(after, Has.Count.GreaterThan(before.Count), "the erasure itself is an act");
        Assert.That(after, Has.All.Matches<System.Text.Json.Nodes.JsonNode>(entry => entry["changes"] is null));
        Assert.That(after, Has.All.Matches<System.Text.Json.Nodes.JsonNode>(entry => entry["ipAddress"] is null));
        Assert.That((await VerifyAsync()).Valid, Is.True);
    }

    [Test]
    public async Task What_an_administrator_did_to_others_outlives_the_administrator()
    {
        var (admin, second, user) = (await AdminAsync(), await SignUpAsync(), await SignUpAsync());
        (await admin.PatchAsync($"/admin/users/{await IdAsync(second)}", new { role = "admin" })).ShouldBe(200);
        second = await ApiUser.SignInAsync(TestRun.Server.Client, second.Email, second.Password);
        (await second.PatchAsync($"/admin/users/{await IdAsync(user)}", new { role = "admin" })).ShouldBe(200);

        (await EraseAsync(second)).ShouldBe(204);

        var change = await LastAsync(user, "users");
        Assert.That(change["changes"]!["after"]!.ToJsonString(), Is.EqualTo("""{"role":"admin"}"""));
    }

    [Test]
    public async Task Everything_that_signed_requests_is_dead_at_once()
    {
        var user = await SignUpAsync();
        var second = await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);
        var token = (await user.PostAsync("/me/tokens", new { name = "bot", scopes = new[] { "read" } })).ShouldBe(201);
        var bot = new ApiClient(TestRun.Server.Client, token["token"]);
        (await bot.GetAsync("/me")).ShouldBe(200);

        (await EraseAsync(user)).ShouldBe(204);

        foreach (var client in new ApiClient[] { user, second, bot })
        {
            (await client.GetAsync("/me")).ShouldBe(401);
        }

        (await Anonymous.PostAsync("/auth/refresh", new { refreshToken = second.RefreshToken })).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/login", new { email = user.Email, password = user.Password })).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/register", new { email = user.Email, password = user.Password })).ShouldBe(
            201
        );
    }

    [Test]
    public async Task It_takes_the_password_and_the_second_factor_where_one_is_on()
    {
        var user = await SignUpAsync();
        (await user.DeleteAsync("/me", new { })).ShouldNameField("password");
        (await user.DeleteAsync("/me", new { password = "not the password of anyone" })).ShouldNameField("password");
        var authenticator = await Authenticator.SwitchOnAsync(user);
        (await user.DeleteAsync("/me", new { password = user.Password })).ShouldNameField("code");
        (await user.DeleteAsync("/me", new { password = user.Password, code = "000000" })).ShouldNameField("code");

        (
            await user.DeleteAsync("/me", new { password = user.Password, code = authenticator.RecoveryCodes[0] })
        ).ShouldBe(204);
    }

    [Test]
    public async Task Guesses_at_the_password_are_throttled()
    {
        var user = await SignUpAsync();
        for (var guess = 0; guess < 5; guess++)
        {
            (await user.DeleteAsync("/me", new { password = $"not the password no {guess}" })).ShouldBe(400);
        }

        (await EraseAsync(user)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Test]
    public async Task A_token_for_programs_can_t_erase_its_user()
    {
        var user = await SignUpAsync();
        var token = (
            await user.PostAsync("/me/tokens", new { name = "bot", scopes = new[] { "read", "trades:write" } })
        ).ShouldBe(201);

        (
            await new ApiClient(TestRun.Server.Client, token["token"]).DeleteAsync(
                "/me",
                new { password = user.Password }
            )
        ).ShouldBe(403);
    }

    [Test]
    public async Task The_last_administrator_stays_however_many_leave_at_once()
    {
        var admin = await AdminAsync();
        (await admin.DeleteAsync("/me", new { password = TestServer.AdminPassword })).ShouldRefuse(
            409,
            "last_administrator"
        );

        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignUpAsync()));
        foreach (var other in others)
        {
            (await admin.PatchAsync($"/admin/users/{await IdAsync(other)}", new { role = "admin" })).ShouldBe(200);
        }

        (await admin.PatchAsync($"/admin/users/{await IdAsync(admin)}", new { role = "user" })).ShouldBe(200);
        try
        {
            var answers = await Task.WhenAll(others.Select(EraseAsync));
            Assert.That(answers.Select(answer => (int)answer.Status).Order(), Is.EqualTo(new[] { 204, 204, 204, 409 }));
        }
        finally
        {
            await AsOwnerOfAllAsync(
                "update identity.users set role = 'admin' where email = @email",
                new { email = TestServer.AdminEmail }
            );
        }
    }

    private static Task<ApiResponse> EraseAsync(ApiUser user) =>
        user.DeleteAsync("/me", new { password = user.Password });

    /// <summary>Puts the marker wherever a user may write.</summary>
    private static async Task LeaveTracesAsync(ApiUser user)
    {
        (
            await user.PatchAsync("/me", new { displayName = $"{Marker} Ada", preferences = new { theme = Marker } })
        ).ShouldBe(200);
        var portfolio = (
            await user.PostAsync(
                "/portfolios",
                new { name = $"{Marker} fund", description = $"{Marker} text" },
                ("Idempotency-Key", $"{Marker}-1")
            )
        ).ShouldBe(201)["id"];
        var trade = (
            await user.PostAsync(
                "/trades",
                new
                {
                    portfolioId = portfolio,
                    coinId = "bitcoin",
                    type = "buy",
                    quantity = "2",
                    price = "100",
                    notes = $"{Marker} note",
                    tags = new[] { Marker },
                    exchange = Marker,
                }
            )
        ).ShouldBe(201)["id"];
        (await user.PatchAsync($"/trades/{trade}", new { notes = $"{Marker} again" })).ShouldBe(200);
        (
            await user.PostCsvAsync(
                $"/trades/import?portfolioId={portfolio}&fileName={Marker}.csv",
                $"timestamp,coinId,type,quantity,price,notes\n2026-01-01T00:00:00Z,bitcoin,buy,1,100,{Marker}\n"
            )
        ).ShouldBe(200);
        var watchlist = (await user.PostAsync("/watchlists", new { name = Marker })).ShouldBe(201)["id"];
        (await user.PostAsync($"/watchlists/{watchlist}/items", new { coinId = "bitcoin", notes = Marker })).ShouldBe(
            201
        );
        (
            await user.PostAsync(
                "/alerts",
                new
                {
                    coinId = "bitcoin",
                    condition = "above",
                    price = "1",
                    notes = Marker,
                }
            )
        ).ShouldBe(201);
        (await user.PostAsync("/me/tokens", new { name = Marker, scopes = new[] { "read" } })).ShouldBe(201);
        (
            await user.PutAsync(
                "/me/notification-channels",
                new
                {
                    email = new { enabled = false, address = $"{Marker}@elsewhere.example" },
                    webhook = new
                    {
                        enabled = true,
                        url = $"https://127.0.0.1/{Marker}",
                        secret = Marker,
                    },
                }
            )
        ).ShouldBe(200);
        (await Anonymous.PostAsync("/auth/login", new { email = user.Email, password = $"{Marker} guess" })).ShouldBe(
            401
        );
        (
            await Anonymous.PostAsync(
                "/auth/login",
                new { email = user.Email, password = user.Password },
                ("User-Agent", $"{Marker}/1.0")
            )
        ).ShouldBe(200);
        Assert.That(
            await StoredAsync<long>("select count(*) from identity.sessions where user_agent = $1", $"{Marker}/1.0"),
            Is.EqualTo(1)
        );
    }

    private static Task<List<string>> FoundAsync(string text) =>
        StoredText.FindAsync(TestRun.Server.SuperuserConnectionString, text);

    private static async Task AsOwnerOfAllAsync(string sql, object parameters)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.ExecuteAsync(sql, parameters);
    }
}
