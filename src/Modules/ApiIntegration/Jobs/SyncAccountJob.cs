using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.ApiIntegration.Jobs;

/// <summary>
/// Reads an account to its end, page by page, as the user whose it is. Killed at any line, the next run goes on with the page that was not stored. Whoever
/// comes while another is at it leaves it to that one.
/// </summary>
internal sealed class SyncAccountJob(IWorkerScopes scopes, IReadDatabase database, TimeProvider clock) : IJob
{
    public const string Name = "api_integration.sync_account";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <param name="argument">The sync's id.</param>
    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(argument!);
        var owner = await database.QuerySingleOrDefaultAsync<Guid?>(
            "select user_id from api_integration.sync_runs where id = @id and status in ('queued', 'running')",
            new { id },
            cancellationToken
        );
        var turn = new Turn(id, Uuid.New());
        if (owner is not { } userId || !await BeginAsync(userId, turn, cancellationToken))
        {
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(userId, turn, ended.Token);
        try
        {
            while (await SyncNextPageAsync(userId, id, cancellationToken)) { }
        }
        finally
        {
            await ended.CancelAsync();
            await beating;
            await ExecuteAsync(userId, Release, turn, CancellationToken.None);
        }
    }

    /// <summary>Where somebody has had the run, it shows within his time of silence whether he still lives.</summary>
    /// <returns>False: another is at it.</returns>
    private async Task<bool> BeginAsync(Guid userId, Turn turn, CancellationToken cancellationToken)
    {
        DateTimeOffset? seen = null;
        while (!await ExecuteAsync(userId, Take, turn, cancellationToken))
        {
            var now = await database.QuerySingleOrDefaultAsync<DateTimeOffset?>(
                "select worker_seen_at from api_integration.sync_runs where id = @RunId and status in ('queued', 'running') and worker is not null",
                turn,
                cancellationToken
            );
            if (now is null || (seen is not null && now != seen))
            {
                return false;
            }

            seen = now;
            await Task.Delay(Heartbeat, clock, cancellationToken);
        }

        return true;
    }

    private async Task BeatAsync(Guid userId, Turn turn, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await Task.Delay(Heartbeat, clock, cancellationToken);
            } while (await ExecuteAsync(userId, Take, turn, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The pages are read, or the server stops.
        }
    }

    private async Task<bool> SyncNextPageAsync(Guid userId, Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateFor(userId);
        var more = await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new SyncNextPage(id), cancellationToken);
        return more.IsSuccess
            ? more.Value
            // Such as a fill that another import has just brought: the job server tries again.
            : throw new InvalidOperationException($"A page of the sync was refused: {more.Error.Code}.");
    }

    private async Task<bool> ExecuteAsync(Guid userId, string sql, Turn turn, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateFor(userId);
        return (
                await scope
                    .ServiceProvider.GetRequiredService<IAutoCommitDatabase>()
                    .QueryAsync<Guid>(sql, turn, cancellationToken)
            ).Count > 0;
    }

    private const string Take = """
        update api_integration.sync_runs
        set worker = @Worker, worker_seen_at = clock_timestamp()
        where id = @RunId and status in ('queued', 'running')
            and (worker is null or worker = @Worker or worker_seen_at < clock_timestamp() - interval '10 seconds')
        returning id
        """;

    private const string Release = """
        update api_integration.sync_runs set worker = null, worker_seen_at = null where id = @RunId and worker = @Worker returning id
        """;

    private sealed record Turn(Guid RunId, Guid Worker);
}
