using System.Diagnostics;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Persistence;

namespace CryptoBeacon.Infrastructure.Jobs;

internal sealed class Outbox(IWriteDatabase database) : IOutbox
{
    public const string JobKind = "job";

    public Task RequestJobAsync(
        string jobName,
        string? argument,
        CancellationToken cancellationToken,
        DateTimeOffset? notBefore = null
    ) =>
        database.ExecuteAsync(
            """
            insert into platform.outbox (kind, payload)
            values (
                @kind,
                jsonb_build_object('name', @jobName::text, 'argument', @argument::text, 'traceParent', @traceParent::text,
                    'notBefore', @notBefore::timestamptz)
            )
            """,
            new
            {
                kind = JobKind,
                jobName,
                argument,
                traceParent = Activity.Current?.Id,
                notBefore,
            },
            cancellationToken
        );
}
