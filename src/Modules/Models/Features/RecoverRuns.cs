using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Jobs;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>
/// Asks anew for what has been silent: a run whose server has died, or one that nobody has taken for long. To ask once too often harms nobody, since a run
/// that is in hand is not taken.
/// </summary>
internal sealed record RecoverRuns : ICommand;

internal sealed class RecoverRunsHandler(IWriteDatabase database, IOutbox outbox) : IRequestHandler<RecoverRuns, Result>
{
    private static readonly TimeSpan LongQueue = TimeSpan.FromMinutes(10);

    public async Task<Result> Handle(RecoverRuns request, CancellationToken cancellationToken)
    {
        var silent = await database.QueryAsync<SilentRun>(
            """
            with backtests as (
                update models.model_backtests
                set seen_at = now()
                where status = 'queued' and coalesce(seen_at, created_at) < now() - @LongQueue
                returning id
            ), sweeps as (
                update models.model_sweeps
                set seen_at = now()
                where status = 'queued' and coalesce(seen_at, created_at) < now() - @LongQueue
                returning id
            )
            select id, @backtest as job from backtests
            union all
            select id, @sweep as job from sweeps
            union all
            select id, @backtest as job from models.model_backtests where status = 'running' and seen_at < now() - @Silence
            union all
            select id, @sweep as job from models.model_sweeps where status = 'running' and seen_at < now() - @Silence
            """,
            new
            {
                backtest = RunBacktestJob.Name,
                sweep = RunSweepJob.Name,
                Runs.Silence,
                LongQueue,
            },
            cancellationToken
        );
        foreach (var run in silent)
        {
            await outbox.RequestJobAsync(run.Job, run.Id.ToString(), cancellationToken);
        }

        return Result.Success;
    }

    private sealed record SilentRun
    {
        public required Guid Id { get; init; }

        public required string Job { get; init; }
    }
}
