using System.Data.Common;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Features;
using CryptoBeacon.Models.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Models.Jobs;

/// <summary>A run in hand: what works on it tells how far it is and looks whether it is still wanted.</summary>
internal sealed class RunInHand(Guid id, Guid runner, Guid userId, IWorkerScopes scopes, CancellationToken unwanted)
{
    private double _progress;

    public Guid Id => id;

    public Guid Runner => runner;

    /// <summary>Asks to stop: cancelled, deleted, given to another, or this server stops.</summary>
    public CancellationToken Unwanted => unwanted;

    public double Progress
    {
        get => Volatile.Read(ref _progress);
        set => Volatile.Write(ref _progress, value);
    }

    /// <summary>A scope as the login of requests, on behalf of the run's user.</summary>
    public AsyncServiceScope Scope() => scopes.CreateFor(userId);

    public async Task<Result<T>> SendAsync<T>(IRequest<Result<T>> message, CancellationToken cancellationToken)
    {
        await using var scope = Scope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(message, cancellationToken);
    }

    public async Task<Result> SendAsync(ICommand command, CancellationToken cancellationToken)
    {
        await using var scope = Scope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken);
    }
}

/// <summary>
/// Runs a back-test or a sweep: takes it in hand, shows every second that it lives, stops when it is cancelled anywhere, and ends it once, whatever happens.
/// A server that is killed leaves its run to the next, which starts it anew: results are the same.
/// </summary>
internal sealed class RunHost(IWorkerScopes scopes, IReadDatabase database, INotifications notifications)
{
    public static readonly NotifyChannel Ended = new("model_runs");

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private static readonly Error GaveUp = new(
        ErrorKind.Unavailable,
        "gave_up",
        "The servers that worked on it stopped, several times in a row."
    );

    private static readonly Error Defect = new(
        ErrorKind.Unavailable,
        "internal_error",
        "It could not be done because of a fault in the server, which has been logged."
    );

    public async Task RunAsync(Guid id, Func<RunInHand, Task<Result>> work, CancellationToken cancellationToken)
    {
        if (await OwnerAsync(id, cancellationToken) is not { } userId)
        {
            return;
        }

        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ended = notifications.Subscribe(Ended, id.ToString());
        var run = new RunInHand(id, Uuid.New(), userId, scopes, unwanted.Token);
        var claim = (await run.SendAsync(new ClaimRun(id, run.Runner), cancellationToken)).Value;
        if (claim is RunClaim.Taken)
        {
            await WorkAsync(run, work, ended, unwanted, cancellationToken);
        }
        else if (claim is RunClaim.Hopeless)
        {
            await run.SendAsync(new FailRun(id, run.Runner, GaveUp), cancellationToken);
        }
    }

    private static async Task WorkAsync(
        RunInHand run,
        Func<RunInHand, Task<Result>> work,
        INotificationSubscription ended,
        CancellationTokenSource unwanted,
        CancellationToken stopping
    )
    {
        try
        {
            var working = Task.Run(() => work(run), CancellationToken.None);
            await WatchAsync(run, working, ended, unwanted);
            if ((await working).Error is { } refusal)
            {
                await run.SendAsync(new FailRun(run.Id, run.Runner, refusal), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (unwanted.IsCancellationRequested)
        {
            if (stopping.IsCancellationRequested)
            {
                await run.SendAsync(new ReleaseRun(run.Id, run.Runner), CancellationToken.None);
                throw;
            }
        }
        catch (Exception exception) when (exception is not DbException { IsTransient: true })
        {
            await run.SendAsync(new FailRun(run.Id, run.Runner, Defect), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Every second, and at once when somebody says that a run has ended, until the work is done or not wanted any more.</summary>
    private static async Task WatchAsync(
        RunInHand run,
        Task working,
        INotificationSubscription ended,
        CancellationTokenSource unwanted
    )
    {
        using var done = new CancellationTokenSource();
        var asleep = ended.WaitAsync(Heartbeat, done.Token);
        while (await Task.WhenAny(working, asleep) != working)
        {
            var isWanted = await run.SendAsync(
                new TellRunProgress(run.Id, run.Runner, run.Progress),
                CancellationToken.None
            );
            if (!isWanted.Value || unwanted.IsCancellationRequested)
            {
                await unwanted.CancelAsync();
                break;
            }

            asleep = ended.WaitAsync(Heartbeat, done.Token);
        }

        await done.CancelAsync();
        await asleep.ContinueWith(
            _ => { },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    private Task<Guid?> OwnerAsync(Guid id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Guid?>(
            """
            select user_id from models.model_backtests where id = @id and status in ('queued', 'running')
            union all
            select user_id from models.model_sweeps where id = @id and status in ('queued', 'running')
            """,
            new { id },
            cancellationToken
        );
}
