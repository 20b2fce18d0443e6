using System.Diagnostics;
using System.Security.Cryptography;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// Working out 200,000 entries of the audit trail anew, beside SHA-256 over the same bytes: read from a table that holds them ready, which is the limit, since what is verified lies in the
/// database; and from memory, which says what hashing alone takes.
/// </summary>
internal static class AuditVerificationBenchmark
{
    private const int Entries = 200_000;
    private const int Rounds = 7;

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web);
        await FillAsync(installation);
        await using var connection = await installation.ConnectAsync();
        List<byte[]> forms = [];
        await foreach (var form in ReadAsync(connection))
        {
            forms.Add(form);
        }

        Console.WriteLine(
            $"{Entries:N0} entries of {forms.Sum(form => (long)form.Length) / forms.Count} bytes, seconds"
        );
        Console.WriteLine($"{"", 6} {"product", 8} {"read", 8} {"memory", 8} {"of read", 8} {"of memory", 10}");
        for (var round = 0; round < Rounds; round++)
        {
            var product = await TimeAsync(() => VerifyAsync(installation));
            var read = await TimeAsync(async () =>
            {
                await foreach (var form in ReadAsync(connection))
                {
                    SHA256.HashData(form);
                }
            });
            var memory = await TimeAsync(() =>
            {
                forms.ForEach(form => SHA256.HashData(form));
                return Task.CompletedTask;
            });
            Console.WriteLine(
                $"{round, 6} {product, 8:0.00} {read, 8:0.00} {memory, 8:0.00} {read / product, 8:0.00} {memory / product, 10:0.00}"
            );
        }
    }

    /// <summary>What trades leave of a user; and the bytes that are hashed of each, as the database makes them.</summary>
    private static async Task FillAsync(Installation installation)
    {
        await installation.ExecuteAsync(
            """
            insert into audit.audit_outbox (actor_id, user_id, entity, entity_id, action, changes)
            select u.id, u.id, 'trades', platform.uuid_v7()::text, 'created', jsonb_build_object('before', null, 'after', jsonb_build_object(
                'portfolioId', u.id, 'coinId', 'bitcoin', 'type', 'buy', 'quantity', n::text, 'price', '42000.25', 'fee', '10.5',
                'timestamp', now(), 'exchange', 'kraken', 'tags', jsonb_build_array('dca')))
            from identity.users u, generate_series(1, $1) n
            where u.email = 'bench@example.com'
            """,
            Entries
        );
        await installation.ExecuteAsync("do $$ begin while audit.append_entries(1000) > 0 loop end loop; end $$");
        await installation.ExecuteAsync(
            """
            create table public.forms as
            select e.sequence, convert_to(
                jsonb_build_array(
                    2, encode(e.previous_hash, 'hex'), e.sequence, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor_id,
                    encode(e.sealed_address, 'hex'), e.user_id, e.entity, e.entity_id, e.action, e.changes, encode(e.sealed_changes, 'hex'))::text,
                'UTF8') as form
            from audit.audit_entries e
            order by e.sequence
            """
        );
        await installation.ExecuteAsync("vacuum analyze public.forms");
        await installation.ExecuteAsync("vacuum analyze audit.audit_entries");
    }

    private static async Task VerifyAsync(Installation installation)
    {
        await using var scope = installation.Service<IWorkerScopes>().Create();
        var verdict = await scope
            .ServiceProvider.GetRequiredService<IAuditLog>()
            .VerifyAsync(progress: null, CancellationToken.None);
        if (!verdict.Valid || verdict.Entries < Entries)
        {
            throw new InvalidOperationException($"{verdict}");
        }
    }

    private static async IAsyncEnumerable<byte[]> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select form from public.forms", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            yield return reader.GetFieldValue<byte[]>(0);
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
