using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary>The chain can't be forged from within, and shows what is done to it from without.</summary>
internal sealed class AuditChainTests : AuditTest
{
    [Test]
    public async Task An_untouched_chain_is_whole()
    {
        await ChainOfAsync(2500);

        var (valid, entries, firstBroken) = await VerifyAsync();

        Assert.That((valid, firstBroken), Is.EqualTo((true, (long?)null)));
        Assert.That(entries, Is.GreaterThanOrEqualTo(2500));
    }

    [TestCase("update audit.audit_entries set changes = '{\"before\":null,\"after\":{\"n\":0}}' where sequence = 30")]
    [TestCase("update audit.audit_entries set actor_id = user_id where sequence = 30")]
    [TestCase("update audit.audit_entries set sealed_address = '\\x00' where sequence = 30")]
    [TestCase("update audit.audit_entries set sealed_changes = '\\x00' where sequence = 30")]
    [TestCase(
        "update audit.audit_entries set occurred_at = occurred_at - interval '1 microsecond' where sequence = 30"
    )]
    [TestCase("update audit.audit_entries set hash = sha256(hash) where sequence = 30")]
    [TestCase("delete from audit.audit_entries where sequence = 30")]
    [TestCase("delete from audit.audit_entries where sequence between 30 and 35")]
    [TestCase("delete from audit.audit_entries where sequence = 1", 1)]
    [TestCase("update audit.audit_entries set sequence = sequence + 1000 where sequence = 30")]
    public async Task What_was_done_to_an_entry_is_found_there(string tampering, long found = 30)
    {
        await ChainOfAsync(60);

        await TamperAsync(tampering);

        var (valid, _, firstBroken) = await VerifyAsync();
        Assert.That((valid, firstBroken), Is.EqualTo((false, (long?)found)));
    }

    [Test]
    public async Task Whatever_an_entry_says_its_hash_is_worked_out_as_it_was_written()
    {
        await FillOutboxAsync(
            """'{"before":{"b":1.50,"a":[1e3,{}],"":null},"after":{"text":"\u0001\t\"\\ é \ud83d\ude00"}}'""",
            """E'"\\/\b\f\n\r\t\x01\x1f\x7f é \U0001F600'"""
        );
        await AppendedAsync();

        var (valid, _, firstBroken) = await VerifyAsync();
        Assert.That((valid, firstBroken), Is.EqualTo((true, (long?)null)));
    }

    [TestCase(30)]
    [TestCase(1000, Description = "The last that is read at once: the next is looked at apart")]
    public async Task An_entry_whose_hash_was_worked_out_anew_breaks_the_link_to_the_next(int sequence)
    {
        await ChainOfAsync(sequence + 30);

        await TamperAsync(
            $"""
            update audit.audit_entries set action = 'deleted' where sequence = {sequence};
            update audit.audit_entries e set hash = audit.entry_hash(e) where sequence = {sequence}
            """
        );

        Assert.That((await VerifyAsync()).FirstBroken, Is.EqualTo(sequence + 1));
    }

    [Test]
    public async Task An_end_that_was_cut_off_shows_against_the_last_check()
    {
        var admin = await AdminAsync();
        await ChainOfAsync(60);
        await RunJobAsync("audit.check");

        await TamperAsync("delete from audit.audit_entries where sequence > 50");

        var verdict = (await admin.PostAsync("/admin/audit/verify")).ShouldBe(200);
        Assert.That(verdict["firstBroken"], Is.EqualTo("51"));
    }

    [TestCase("delete from audit.audit_entries where sequence > 50", 51)]
    [TestCase("delete from audit.audit_entries", 1)]
    [TestCase(
        "update audit.audit_entries set hash = sha256(hash) where sequence = (select max(sequence) from audit.audit_entries)",
        null
    )]
    public async Task The_daily_check_finds_what_was_done_to_the_end_that_it_has_seen(string tampering, long? found)
    {
        await ChainOfAsync(60);
        await RunJobAsync("audit.check");
        found ??= await StoredAsync<long>("select max(sequence) from audit.audit_entries");
        await TamperAsync(tampering);

        await RunJobAsync("audit.check");
        await RunJobAsync("audit.check");

        Assert.That(
            await StoredAsync<long>("select first_broken from audit.audit_checks order by id desc limit 1"),
            Is.EqualTo(found)
        );
    }

    [TestCase("respond-async")]
    [TestCase("wait=1, Respond-Async; x=1")]
    public async Task Whoever_does_not_wait_is_told_where_to_look(string preference)
    {
        await ChainOfAsync(60);
        var admin = await AdminAsync();
        await TamperAsync("update audit.audit_entries set action = 'deleted' where sequence = 30");

        var begun = (await admin.PostAsync("/admin/audit/verify", null, ("Prefer", preference))).ShouldBe(202);
        Assert.That(begun.Headers.GetValues("Preference-Applied"), Is.EqualTo(new[] { "respond-async" }));
        Assert.That(begun["status"], Is.EqualTo("queued"));
        var done = await EventuallyAsync(
            () => admin.GetAsync(begun.Location!),
            answer => answer.ShouldBe(200)["status"] == "succeeded"
        );

        Assert.That(done["progress"], Is.EqualTo("1"));
        Assert.That(done["valid"], Is.EqualTo("false"));
        Assert.That(done["firstBroken"], Is.EqualTo("30"));
        Assert.That((long)done.Json["entries"]!, Is.GreaterThanOrEqualTo(60));
        (await (await SignUpAsync()).GetAsync(begun.Location!)).ShouldBe(403);
        (await admin.GetAsync($"/admin/audit/verifications/{Guid.CreateVersion7()}")).ShouldBe(404);
    }

    [Test]
    public async Task The_daily_check_looks_at_the_new_part_alone_and_keeps_what_it_found()
    {
        await ChainOfAsync(60);
        await RunJobAsync("audit.check");
        await FillOutboxAsync(20);
        await AppendedAsync();
        await TamperAsync(
            """
            update audit.audit_entries set action = 'deleted' where sequence = 10;
            update audit.audit_entries set action = 'deleted' where sequence = 70
            """
        );

        await RunJobAsync("audit.check");

        Assert.That(
            await StoredAsync<long>("select first_broken from audit.audit_checks order by id desc limit 1"),
            Is.EqualTo(70)
        );
        Assert.That((await VerifyAsync()).FirstBroken, Is.EqualTo(10));
    }

    [TestCase(
        "insert into audit.audit_outbox (actor_id, user_id, entity, entity_id, action, changes) values (platform.uuid_v7(), @me, 'x', 'x', 'created', '{}')"
    )]
    [TestCase(
        "insert into audit.audit_outbox (occurred_at, user_id, entity, entity_id, action, changes) values (now() - interval '1 day', @me, 'x', 'x', 'created', '{}')"
    )]
    [TestCase(
        "insert into audit.audit_outbox (user_id, entity, entity_id, action, changes) values (platform.uuid_v7(), 'x', 'x', 'created', '{}')"
    )]
    [TestCase("insert into audit.audit_outbox (entity, entity_id, action, changes) values ('x', 'x', 'created', '{}')")]
    [TestCase(
        "insert into audit.audit_outbox (user_id, entity, entity_id, action, sealed_changes) values (@me, 'x', 'x', 'created', '\\x00')"
    )]
    [TestCase(
        "insert into audit.audit_outbox (user_id, entity, entity_id, action, changes, sealed_address) values (@me, 'x', 'x', 'created', '{}', '\\x00')"
    )]
    [TestCase("update audit.audit_outbox set entity = 'y'")]
    [TestCase("delete from audit.audit_outbox")]
    [TestCase("insert into audit.audit_entries select * from audit.audit_entries")]
    [TestCase("update audit.audit_entries set entity = 'y'")]
    [TestCase("delete from audit.audit_entries")]
    [TestCase("truncate audit.audit_entries")]
    [TestCase("select * from audit.audit_entries_2026")]
    [TestCase("select audit.append_entries(1)")]
    [TestCase("insert into audit.audit_checks (sequence, hash) values (1, audit.genesis())")]
    public async Task The_application_s_login_can_neither_forge_nor_change_nor_move_entries(string sql)
    {
        var me = Guid.Parse(await IdAsync(await SignUpAsync()));
        await using var connection = await Logins.App.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "select set_config('app.user_id', @me::text, true), set_config('app.ip_address', '127.0.0.1', true)",
            new { me }
        );

        Assert.That(
            () => connection.ExecuteAsync(sql, new { me }),
            Throws
                .TypeOf<PostgresException>()
                .With.Property("SqlState")
                .EqualTo(PostgresErrorCodes.InsufficientPrivilege)
        );
    }

    [TestCase("update audit.audit_entries set entity = 'y'")]
    [TestCase("delete from audit.audit_entries")]
    [TestCase("truncate audit.audit_entries")]
    [TestCase("truncate audit.audit_entries_2026")]
    [TestCase("delete from audit.audit_checks")]
    public async Task Even_a_superuser_is_refused_who_does_not_mean_it(string sql)
    {
        await ChainOfAsync(1);
        await RunJobAsync("audit.check");
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);

        Assert.That(
            () => connection.ExecuteAsync(sql),
            Throws.TypeOf<PostgresException>().With.Message.Contains("append-only")
        );
    }
}
