using System.Buffers;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using CryptoBeacon.Infrastructure.Persistence;
using Dapper;

namespace CryptoBeacon.Infrastructure.Audit;

internal sealed class AuditLog(IReadDatabase database, IOutbox outbox, DataSources dataSources) : IAuditLog
{
    private const int BatchSize = 1000;
    private const int ProgressEvery = 20 * BatchSize;

    // Whoever reads does not wait for the whole of an import.
    private const int MaxBatchesFirst = 10;

    /// <summary>What the first entry follows.</summary>
    private static readonly Link Genesis = new() { Sequence = 0, Hash = new byte[32] };

    public async Task<IReadOnlyList<AuditEntry>> SearchAsync(
        AuditQuery query,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await AppendWaitingAsync(cancellationToken);
        return await database.QueryAsync<AuditEntry>(
            """
            select sequence, occurred_at, actor_id, audit.address_of(e) as ip_address, user_id, action, entity, entity_id,
                audit.changes_of(e) as changes
            from audit.audit_entries e
            where (@userId::uuid is null or user_id = @userId)
                and (@actorId::uuid is null or actor_id = @actorId)
                and (@entity::text is null or entity = @entity)
                and (@entityId::text is null or entity_id = @entityId)
                and (@action::text is null or action = @action)
                and (@from::timestamptz is null or occurred_at >= @from)
                and (@to::timestamptz is null or occurred_at < @to)
                and (@before::bigint is null or sequence < @before)
            order by sequence desc
            limit @limit
            """,
            new
            {
                query.UserId,
                query.ActorId,
                query.Entity,
                query.EntityId,
                action = query.Action is { } action ? WireName.Of(action) : null,
                query.From,
                query.To,
                query.Before,
                limit,
            },
            cancellationToken
        );
    }

    private const string VerificationColumns = """
        id, status, created_at, finished_at, entries, first_broken,
        case when status = 'succeeded' then first_broken is null end as valid,
        case when status = 'succeeded' then 1 else round(least(entries::numeric / greatest(total, 1), 1), 4) end as progress
        """;

    public async Task<AuditVerification> BeginVerificationAsync(CancellationToken cancellationToken)
    {
        var begun = await database.QuerySingleOrDefaultAsync<AuditVerification>(
            $"""
            insert into audit.audit_verifications (id, total)
            select @id, coalesce(max(sequence), 0) from audit.audit_entries
            returning {VerificationColumns}
            """,
            new { id = Uuid.New() },
            cancellationToken
        );
        await outbox.RequestJobAsync(VerifyAuditEntriesJob.Name, begun!.Id.ToString(), cancellationToken);
        return begun;
    }

    public Task<AuditVerification?> FindVerificationAsync(Guid id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<AuditVerification>(
            $"select {VerificationColumns} from audit.audit_verifications where id = @id",
            new { id },
            cancellationToken
        );

    public async Task<AuditVerdict> VerifyAsync(Func<long, Task>? progress, CancellationToken cancellationToken)
    {
        await AppendWaitingAsync(cancellationToken);
        return (await VerifyAfterAsync(Genesis, progress, cancellationToken)).Verdict;
    }

    public async Task<AuditVerdict> CheckNewPartAsync(CancellationToken cancellationToken)
    {
        var start = await LastCheckAsync(cancellationToken) ?? Genesis;
        var cutOff = await CutOffBeforeAsync(start, cancellationToken);
        var (verdict, end) = await VerifyAfterAsync(start, progress: null, cancellationToken);
        verdict = verdict with { FirstBroken = cutOff ?? verdict.FirstBroken };
        await database.QueryAsync<long>(
            """
            insert into audit.audit_checks (sequence, hash, first_broken)
            values (@Sequence, @Hash, @FirstBroken)
            returning sequence
            """,
            new
            {
                end.Sequence,
                end.Hash,
                verdict.FirstBroken,
            },
            cancellationToken
        );
        return verdict;
    }

    /// <summary>What has been confirmed is there to be read, also before the job comes that puts it at the end of the chain.</summary>
    private async Task AppendWaitingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSources.Worker.OpenConnectionAsync(cancellationToken);
        // Behind whoever is at it: the function alone would leave it to them, and not wait.
        var append = new CommandDefinition(
            """
            with turn as materialized (select pg_advisory_xact_lock(hashtextextended('audit.audit_entries', 0)))
            select audit.append_entries(@BatchSize) from turn
            """,
            new { BatchSize },
            cancellationToken: cancellationToken
        );
        for (var batch = 0; batch < MaxBatchesFirst; batch++)
        {
            if (await connection.ExecuteScalarAsync<int>(append) < BatchSize)
            {
                return;
            }
        }
    }

    private async Task<(AuditVerdict Verdict, Link End)> VerifyAfterAsync(
        Link start,
        Func<long, Task>? progress,
        CancellationToken cancellationToken
    )
    {
        // Before the entries, so that none is there which they don't reach.
        var checks = await ChecksAfterAsync(start, cancellationToken);
        var check = new ChainCheck(start, checks);
        var batches = database
            .StreamAsync(
                $"select {SealedEntry.Columns} from audit.audit_entries where sequence > @Sequence order by sequence",
                new { start.Sequence },
                SealedEntry.Read,
                cancellationToken
            )
            .Chunk(BatchSize);
        // One batch is hashed while the next one is read.
        var checking = Task.CompletedTask;
        await foreach (var batch in batches)
        {
            await checking;
            if (progress is not null && check.Entries > 0 && check.Entries % ProgressEvery == 0)
            {
                await progress(check.Entries);
            }

            checking = Task.Run(() => check.Follow(batch), cancellationToken);
        }

        await checking;
        // An end that was cut off leaves a chain that is whole in itself.
        var isCutOff = checks.Any(found => found.Key > check.End.Sequence);
        var firstBroken = check.FirstBroken ?? (isCutOff ? check.End.Sequence + 1 : null);
        return (new AuditVerdict(check.Entries, firstBroken), check.End);
    }

    /// <summary>The first entry that is missing of what an earlier check has seen, or the last it saw if that is another; null: its end is there.</summary>
    private async Task<long?> CutOffBeforeAsync(Link seen, CancellationToken cancellationToken)
    {
        if (seen == Genesis)
        {
            return null;
        }

        var last = await database.QuerySingleOrDefaultAsync<Link>(
            "select sequence, hash from audit.audit_entries where sequence <= @Sequence order by sequence desc limit 1",
            new { seen.Sequence },
            cancellationToken
        );
        return last?.Sequence != seen.Sequence ? (last ?? Genesis).Sequence + 1
            : last.Hash.AsSpan().SequenceEqual(seen.Hash) ? null
            : seen.Sequence;
    }

    private async Task<ILookup<long, Link>> ChecksAfterAsync(Link start, CancellationToken cancellationToken) =>
        (
            await database.QueryAsync<Link>(
                "select sequence, hash from audit.audit_checks where first_broken is null and sequence > @Sequence",
                new { start.Sequence },
                cancellationToken
            )
        ).ToLookup(check => check.Sequence);

    private Task<Link?> LastCheckAsync(CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Link>(
            "select sequence, hash from audit.audit_checks where first_broken is null order by sequence desc limit 1",
            null,
            cancellationToken
        );

    /// <param name="checks">What was found at earlier times, by sequence.</param>
    private sealed class ChainCheck(Link start, ILookup<long, Link> checks)
    {
        private readonly ArrayBufferWriter<byte> _form = new();

        public Link End { get; private set; } = start;

        public long Entries { get; private set; }

        public long? FirstBroken { get; private set; }

        public void Follow(SealedEntry[] entries)
        {
            foreach (var entry in entries)
            {
                if (entry.Sequence != End.Sequence + 1)
                {
                    FirstBroken ??= End.Sequence + 1;
                }
                else if (
                    !entry.PreviousHash.AsSpan().SequenceEqual(End.Hash)
                    || !entry.Hash.AsSpan().SequenceEqual(entry.ComputeHash(_form))
                    || checks[entry.Sequence].Any(check => !check.Hash.AsSpan().SequenceEqual(entry.Hash))
                )
                {
                    FirstBroken ??= entry.Sequence;
                }

                End = new Link { Sequence = entry.Sequence, Hash = entry.Hash };
            }

            Entries += entries.Length;
        }
    }

    private sealed record Link
    {
        public required long Sequence { get; init; }

        public required byte[] Hash { get; init; }
    }
}
