using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Audit;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>The export is all that is stored about a user, and nothing of anybody else.</summary>
internal sealed class ExportTests : AuditTest
{
    /// <summary>What is not in it, and why.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["identity.refresh_tokens"] = "hashes of tokens",
        ["identity.recovery_codes"] = "hashes of codes",
        ["identity.one_time_tokens"] = "hashes of tokens",
        ["identity.user_keys"] = "a key",
        ["identity.mails"] = "mails on their way, gone once they are sent",
        ["identity.known_devices"] = "hashes of devices",
        ["audit.audit_outbox"] = "in the trail a second later",
    };

    [Test]
    public async Task It_has_every_table_with_a_user_s_data()
    {
        var export = await ExportAsync(await SignUpAsync());

        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        var tables = await connection.QueryAsync<(string Schema, string Name)>(
            """
            select n.nspname, c.relname
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('hangfire', 'pg_catalog', 'information_schema')
                and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped)
            """
        );
        var missing = tables
            .Where(table => export[Camel(table.Schema)]?[Camel(table.Name)] is not JsonArray)
            .Select(table => $"{table.Schema}.{table.Name}");

        Assert.That(tables.Count(), Is.GreaterThan(15));
        Assert.That(missing.Except(LeftOut.Keys), Is.Empty);
        Assert.That(export["identity"]!["users"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task It_says_what_was_entered_in_the_contract_s_words_and_nothing_of_others()
    {
        var (user, other) = (await SignUpAsync(), await SignUpAsync());
        await RecordAsync(other, "of the other");
        await RecordAsync(user, "of mine");
        await AppendedAsync();

        var export = await ExportAsync(user);

        var trade = export["trading"]!["trades"]!.AsArray().Single()!;
        Assert.That(trade["notes"]!.ToString(), Is.EqualTo("of mine"));
        Assert.That(trade["quantity"]!.ToJsonString(), Is.EqualTo("\"1.5\""));
        Assert.That(trade["coinId"]!.ToString(), Is.EqualTo("bitcoin"));
        Assert.That(trade["timestamp"]!.ToString(), Does.EndWith("Z"));
        Assert.That(export["identity"]!["users"]![0]!["email"]!.ToString(), Is.EqualTo(user.Email));
        Assert.That(export["identity"]!["sessions"]![0]!["ipAddress"]!.ToString(), Is.EqualTo("127.0.0.1"));
        var recorded = export["audit"]!["auditEntries"]!
            .AsArray()
            .Single(entry => entry!["entity"]!.ToString() == "trades")!;
        Assert.That(recorded["changes"]!["after"]!["notes"]!.ToString(), Is.EqualTo("of mine"));
        Assert.That(recorded["ipAddress"]!.ToString(), Is.EqualTo("127.0.0.1"));
        Assert.That(export.ToJsonString(), Does.Not.Contain("of the other").And.Not.Contain(other.Email));
    }

    [Test]
    public async Task Secrets_are_nowhere_in_it()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var token = (
            await user.PostAsync(
                "/me/tokens",
                new
                {
                    name = "bot",
                    scopes = new[] { "read" },
                    code = app.NextCode,
                }
            )
        ).ShouldBe(201)["token"]!;
        var hash = await StoredAsync<string>("select password_hash from identity.users where email = $1", user.Email);

        var export = (await ExportAsync(user)).ToJsonString();

        Assert.That(export, Does.Contain("\"bot\""));
        foreach (var secret in new[] { hash!, token, app.Secret, app.RecoveryCodes[0], user.RefreshToken, "\\\\x" })
        {
            Assert.That(export, Does.Not.Contain(secret));
        }
    }

    [Test]
    public async Task It_is_a_file_of_the_signed_in_alone()
    {
        var user = await SignUpAsync();
        var token = (await user.PostAsync("/me/tokens", new { name = "bot", scopes = new[] { "read" } })).ShouldBe(201);

        using var answer = await user.OpenAsync("/me/export", CancellationToken.None);
        Assert.That(answer.Content.Headers.ContentDisposition!.DispositionType, Is.EqualTo("attachment"));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        (await new ApiClient(TestRun.Server.Client, token["token"]).GetAsync("/me/export")).ShouldBe(403);
        (await Anonymous.GetAsync("/me/export")).ShouldBe(401);
    }

    private static async Task<JsonNode> ExportAsync(ApiUser user) =>
        (await user.GetAsync("/me/export")).ShouldBe(200).Json;

    private static async Task RecordAsync(ApiUser user, string notes)
    {
        var portfolio = (await user.PostAsync("/portfolios", new { name = notes })).ShouldBe(201)["id"];
        (
            await user.PostAsync(
                "/trades",
                new
                {
                    portfolioId = portfolio,
                    coinId = "bitcoin",
                    type = "buy",
                    quantity = "1.50",
                    price = "100",
                    notes,
                }
            )
        ).ShouldBe(201);
    }

    private static string Camel(string snakeCase)
    {
        var words = snakeCase.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
