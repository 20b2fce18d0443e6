using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.ApiIntegration.Jobs;

/// <summary>Begins the syncs that users who may sign in have asked for every night. Run again, it finds those that run already.</summary>
internal sealed partial class SyncNightlyJob(
    IWorkerScopes scopes,
    IReadDatabase database,
    ILogger<SyncNightlyJob> logger
) : IJob
{
    public const string Name = "api_integration.sync_nightly";

    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var wanted = await database.QueryAsync<WantedSync>(
            """
            select key.id, key.user_id, key.sync_portfolio_id
            from api_integration.api_keys key
            join api_integration.api_providers provider on provider.id = key.provider_id and provider.is_active
            where key.is_active and key.sync_portfolio_id is not null and identity.is_active_user(key.user_id)
            order by key.id
            """,
            null,
            cancellationToken
        );
        foreach (var sync in wanted)
        {
            await using var scope = scopes.CreateFor(sync.UserId);
            var begun = await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new BeginSync(sync.Id, sync.SyncPortfolioId, IsNightly: true), cancellationToken);
            if (begun.Error is { } refusal)
            {
                LogRefused(sync.Id, refusal.Code);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The nightly sync with key {ApiKeyId} was not begun: {Code}")]
    private partial void LogRefused(Guid apiKeyId, string code);

    private sealed record WantedSync
    {
        public required Guid Id { get; init; }

        public required Guid UserId { get; init; }

        public required Guid SyncPortfolioId { get; init; }
    }
}
