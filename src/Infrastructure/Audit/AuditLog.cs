using System.Buffers;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Infrastructure.Audit;

internal sealed class AuditLog(IReadDatabase database, IOutbox outbox) : IAuditLog
{
    private const int ProgressEvery = 20_000;

    /// <summary>What the first entry follows.</summary>
    private static readonly Link Genesis = new() { Sequence = 0, Hash = new byte[32] };

    public Task<IReadOnlyList<AuditEntry>> SearchAsync(
        AuditQuery query,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync<AuditEntry>(
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

    public async Task<AuditVerdict> VerifyAsync(Func<long, Task>? progress, CancellationToken cancellationToken) =>
        (await VerifyAfterAsync(Genesis, progress, cancellationToken)).Verdict;

    public async Task<AuditVerdict> CheckNewPartAsync(CancellationToken cancellationToken)
    {
        var start = await LastCheckAsync(cancellationToken) ?? Genesis;
        var (verdict, end) = await VerifyAfterAsync(start, progress: null, cancellationToken);
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

    private async Task<(AuditVerdict Verdict, Link End)> VerifyAfterAsync(
        Link start,
        Func<long, Task>? progress,
        CancellationToken cancellationToken
    )
    {
        var (end, entries, firstBroken, form) = (start, 0L, (long?)null, new ArrayBufferWriter<byte>());
        var checks = await ChecksAfterAsync(start, cancellationToken);
        var chain = database.StreamAsync(
            $"select {SealedEntry.Columns} from audit.audit_entries where sequence > @Sequence order by sequence",
            new { start.Sequence },
            SealedEntry.Read,
            cancellationToken
        );
        await foreach (var entry in chain)
        {
            if (entry.Sequence != end.Sequence + 1)
            {
                firstBroken ??= end.Sequence + 1;
            }
            else if (
                !entry.PreviousHash.AsSpan().SequenceEqual(end.Hash)
                || !entry.Hash.AsSpan().SequenceEqual(entry.ComputeHash(form))
                || checks[entry.Sequence].Any(check => !check.Hash.AsSpan().SequenceEqual(entry.Hash))
            )
            {
                firstBroken ??= entry.Sequence;
            }

            end = new Link { Sequence = entry.Sequence, Hash = entry.Hash };
            entries++;
            if (progress is not null && entries % ProgressEvery == 0)
            {
                await progress(entries);
            }
        }

        // An end that was cut off leaves a chain that is whole in itself.
        if (
            firstBroken is null
            && await LastCheckAsync(cancellationToken) is { } check
            && check.Sequence > end.Sequence
        )
        {
            firstBroken = end.Sequence + 1;
        }

        return (new AuditVerdict(entries, firstBroken), end);
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

    private sealed record Link
    {
        public required long Sequence { get; init; }

        public required byte[] Hash { get; init; }
    }
}
