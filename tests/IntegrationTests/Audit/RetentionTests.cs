using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary>From where and with what somebody came is known for 90 days.</summary>
internal sealed class RetentionTests : AuditTest
{
    [TestCase(89, true)]
    [TestCase(91, false)]
    public async Task An_entry_keeps_its_address_for_90_days_and_its_chain_for_ever(int daysAgo, bool isKept)
    {
        await ChainOfAsync(0);
        var admin = await AdminAsync();
        ApiUser user;
        // Nothing is moved to the chain while this is held: in the outbox an entry's time can still be changed.
        await using (var chain = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString))
        {
            await chain.OpenAsync();
            await using var turn = await chain.BeginTransactionAsync();
            await chain.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('audit.audit_entries', 0))");
            user = await SignUpAsync();
            await StoreAsync($"update audit.audit_outbox set occurred_at = occurred_at - interval '{daysAgo} days'");
            await StoreAsync($"update audit.address_keys set day = day - {daysAgo}");
        }

        var id = await IdAsync(user);
        await AppendedAsync();

        await RunJobAsync("audit.forget_addresses");

        var entries = (await admin.GetAsync($"/admin/audit?actor={id}")).ShouldBe(200).Items;
        Assert.That(
            entries.Select(entry => entry!["ipAddress"]?.ToString()).ToArray(),
            Is.Not.Empty.And.All.EqualTo(isKept ? "127.0.0.1" : null)
        );
        Assert.That(entries.Select(entry => entry!["changes"]), Has.None.Null);
        Assert.That((await VerifyAsync()).Valid, Is.True);
    }

    [TestCase(89, "127.0.0.1")]
    [TestCase(91, null)]
    public async Task A_session_that_was_not_used_for_90_days_forgets_its_device(int daysAgo, string? kept)
    {
        var user = await SignUpAsync();
        await StoreAsync($"update identity.sessions set last_used_at = now() - interval '{daysAgo} days'");

        await RunJobAsync("identity.purge_expired");

        var session = (await user.GetAsync("/me/sessions")).ShouldBe(200).Items.Single()!;
        Assert.That(session["ipAddress"]?.ToString(), Is.EqualTo(kept));
        Assert.That(
            await StoredAsync<long>(
                "select count(user_agent) from identity.sessions where last_used_at < now() - interval '90 days'"
            ),
            Is.Zero
        );
    }

    [Test]
    public async Task No_address_and_nothing_of_a_user_is_written_in_clear()
    {
        var user = await SignUpAsync();
        (await user.PostAsync("/portfolios", new { name = "First" })).ShouldBe(201);

        Assert.That(
            await StoredAsync<long>(
                """
                select count(*)
                from (select o::text from audit.audit_outbox o union all select e::text from audit.audit_entries e) rows (line)
                where strpos(line, $1) > 0 or strpos(line, 'First') > 0 or strpos(line, '127.0.0.1') > 0
                """,
                user.Email
            ),
            Is.Zero
        );
    }

    private static async Task StoreAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.ExecuteAsync(sql);
    }
}
