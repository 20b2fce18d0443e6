using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary>Entries get into the chain once each, whatever happens to whoever puts them there.</summary>
internal sealed class AuditAppendTests : AuditTest
{
    [Test]
    public async Task What_is_killed_half_way_leaves_neither_gap_nor_duplicate()
    {
        const int rows = 6000;
        await ChainOfAsync(0);
        await FillOutboxAsync(rows);

        var kills = 0;
        for (var round = 0; round < 40; round++)
        {
            var append = Task.Run(AppendUnlessKilledAsync);
            await Task.Delay(round % 8);
            kills += await StoredAsync<int>(
                """
                select count(*) filter (where pg_terminate_backend(pid))::int
                from pg_stat_activity
                where query like 'select audit.append_entries%' and state = 'active' and pid <> pg_backend_pid()
                """
            );
            await append;
        }

        await AppendedAsync();
        Assert.That(kills, Is.GreaterThan(5));
        Assert.That(
            await StoredAsync<long>("select count(*) from audit.audit_entries where entity = 'tests'"),
            Is.EqualTo(rows)
        );
        Assert.That(
            await StoredAsync<long>("select count(distinct entity_id) from audit.audit_entries where entity = 'tests'"),
            Is.EqualTo(rows)
        );
        Assert.That((await VerifyAsync()).Valid, Is.True);
    }

    [Test]
    public async Task Many_at_once_make_one_chain_of_all_that_is_written_meanwhile()
    {
        await ChainOfAsync(0);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async worker =>
                {
                    for (var round = 0; round < 10; round++)
                    {
                        await FillOutboxAsync(20);
                        await AppendUnlessKilledAsync();
                    }
                })
        );

        await AppendedAsync();
        Assert.That(
            await StoredAsync<long>("select count(*) from audit.audit_entries where entity = 'tests'"),
            Is.EqualTo(8 * 10 * 20)
        );
        Assert.That((await VerifyAsync()).Valid, Is.True);
    }

    [Test]
    public async Task Entries_follow_each_other_as_they_were_written()
    {
        await ChainOfAsync(500);

        Assert.That(
            await StoredAsync<bool>(
                """
                select bool_and(entity_id::bigint = expected)
                from (
                    select entity_id, row_number() over (order by sequence) as expected
                    from audit.audit_entries
                    where entity = 'tests'
                ) entries
                """
            ),
            Is.True
        );
    }

    private static async Task AppendUnlessKilledAsync()
    {
        try
        {
            await using var connection = await Logins.Worker.OpenConnectionAsync();
            await connection.ExecuteAsync("select audit.append_entries(300)");
        }
        catch (NpgsqlException)
        {
            // Killed: what it had done is undone.
        }
    }
}
