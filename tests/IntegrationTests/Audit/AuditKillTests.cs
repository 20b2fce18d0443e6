using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary>The server that appends the entries is ended by SIGKILL, whatever it is doing, and another goes on.</summary>
internal sealed class AuditKillTests : ApiTest
{
    private const int Kills = 5;

    [Test]
    public async Task Servers_that_are_killed_while_entries_are_written_leave_neither_gap_nor_duplicate()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("killed_servers");
        string[] worker =
        [
            "serve",
            "--role=worker",
            .. TestRun.Server.Settings,
            $"--ConnectionStrings:CryptoBeacon={owner}",
        ];
        await using var database = new NpgsqlConnection(superuser);
        var written = 0L;

        for (var kill = 0; kill < Kills; kill++)
        {
            using var server = ServerProcess.Start(worker);
            await server.AddressAsync();
            using var enough = new CancellationTokenSource();
            var writing = WriteAsync(superuser, written, enough.Token);
            await EventuallyAsync(() => database.ExecuteScalarAsync<bool>(IsAppending), isAppending => isAppending);
            await Task.Delay(Random.Shared.Next(100));
            server.Kill();
            await enough.CancelAsync();
            written = await writing;
        }

        using var last = ServerProcess.Start(worker);
        await EventuallyAsync(
            () => database.ExecuteScalarAsync<long>("select count(*) from audit.audit_outbox"),
            waiting => waiting == 0,
            TimeSpan.FromSeconds(60)
        );

        Assert.That(written, Is.GreaterThan(1000));
        Assert.That(
            await database.QuerySingleAsync<(long, long)>(
                "select count(*), count(distinct entity_id) from audit.audit_entries where entity = 'tests'"
            ),
            Is.EqualTo((written, written))
        );
        Assert.That(
            await database.QuerySingleAsync<(bool, long?)>(
                """
                select count(*) = max(sequence), min(sequence) filter (where not is_whole)
                from (
                    select e.sequence,
                        e.hash = audit.entry_hash(e)
                            and e.previous_hash = lag(e.hash, 1, audit.genesis()) over (order by e.sequence) as is_whole
                    from audit.audit_entries e
                ) chain
                """
            ),
            Is.EqualTo((true, (long?)null))
        );
    }

    private const string IsAppending = """
        select exists (select from pg_stat_activity where datname = current_database() and state = 'active' and query like 'select audit.append_entries%')
        """;

    /// <summary>Goes on to write, a transaction a hundred, until it is enough.</summary>
    /// <returns>How many there are by then.</returns>
    private static async Task<long> WriteAsync(string superuser, long written, CancellationToken enough)
    {
        await using var connection = new NpgsqlConnection(superuser);
        while (!enough.IsCancellationRequested)
        {
            written += await connection.ExecuteAsync(
                """
                insert into audit.audit_outbox (entity, entity_id, action, changes)
                select 'tests', n::text, 'created', jsonb_build_object('before', null, 'after', jsonb_build_object('n', n))
                from generate_series(@written + 1, @written + 100) n
                """,
                new { written }
            );
        }

        return written;
    }
}
