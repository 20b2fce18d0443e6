using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.ApiIntegration.Jobs;

/// <summary>Reads an account to its end, page by page, as the user whose it is. Killed at any line, the next run goes on with the page that was not stored.</summary>
internal sealed class SyncAccountJob(IWorkerScopes scopes, IReadDatabase database) : IJob
{
    public const string Name = "api_integration.sync_account";

    /// <param name="argument">The sync's id.</param>
    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(argument!);
        var owner = await database.QuerySingleOrDefaultAsync<Guid?>(
            "select user_id from api_integration.sync_runs where id = @id and status in ('queued', 'running')",
            new { id },
            cancellationToken
        );
        while (owner is { } userId && await SyncNextPageAsync(userId, id, cancellationToken)) { }
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
}
