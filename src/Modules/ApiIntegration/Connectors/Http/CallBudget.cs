using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.ApiIntegration.Connectors.Http;

/// <summary>The weight of calls that a provider allows, counted in the database by all servers together, in windows that begin with the epoch.</summary>
internal sealed class CallBudget(IWorkerScopes scopes, TimeProvider clock)
{
    /// <summary>Who has longer to wait is told when, and waits elsewhere.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Stands for a provider without a limit, which can still ask to be left alone.</summary>
    private static readonly TimeSpan AnyWindow = TimeSpan.FromMinutes(1);

    private DateTimeOffset LongestBlock => clock.UtcNow().AddDays(3);

    /// <exception cref="ConnectorException"><see cref="ConnectorFault.RateLimited"/>: there is no room within five seconds.</exception>
    /// <param name="isOwn">The installation's own call: it may use all, those made for users leave it the last third.</param>
    public async Task TakeAsync(ProviderSite site, int weight, bool isOwn, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; )
        {
            var answer = (
                await RunAsync<Answer>(
                    """
                    select is_granted, retry_at, greatest(retry_at - clock_timestamp(), interval '0') as wait
                    from api_integration.take_weight(@provider, @weight, @window, @limit)
                    """,
                    new
                    {
                        provider = site.Id,
                        weight,
                        window = site.RateLimitWindow ?? AnyWindow,
                        limit = site.RateLimitCount is not { } count ? int.MaxValue
                        : isOwn ? count
                        : count - (count / 3),
                    },
                    cancellationToken
                )
            )!;
            if (answer.IsGranted)
            {
                return;
            }

            waited += answer.Wait;
            if (waited > Patience)
            {
                throw new ConnectorException(
                    ConnectorFault.RateLimited,
                    $"{site.Name} allows no more calls before {UtcTime.Format(answer.RetryAt)}."
                )
                {
                    RetryAt = answer.RetryAt,
                };
            }

            await Task.Delay(answer.Wait, clock, cancellationToken);
        }
    }

    /// <summary>The provider counts too, and knows better: others may call from the same address. More than the limit is no more than that.</summary>
    public Task CorrectAsync(ProviderSite site, int used, CancellationToken cancellationToken) =>
        RunAsync<Guid?>(
            """
            update api_integration.rate_limit_buckets set used = greatest(used, @used)
            where provider_id = @provider and window_start = date_bin(@window, now(), '1970-01-01T00:00:00Z')
            returning provider_id
            """,
            new
            {
                provider = site.Id,
                used = Math.Min(used, site.RateLimitCount ?? 0),
                window = site.RateLimitWindow ?? AnyWindow,
            },
            cancellationToken
        );

    /// <summary>No server calls before then, in three days at the latest: the longest ban there is, whatever else a provider may say.</summary>
    public Task BlockAsync(ProviderSite site, DateTimeOffset until, CancellationToken cancellationToken) =>
        RunAsync<Guid?>(
            """
            update api_integration.rate_limit_buckets set blocked_until = greatest(blocked_until, @until)
            where provider_id = @provider
            returning provider_id
            """,
            new { provider = site.Id, until = until < LongestBlock ? until : LongestBlock },
            cancellationToken
        );

    private async Task<T?> RunAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        // By itself, whatever transaction the caller has: a call that was made counts, though what it was made for is undone.
        await using var scope = scopes.Create();
        return await scope
            .ServiceProvider.GetRequiredService<IAutoCommitDatabase>()
            .QuerySingleOrDefaultAsync<T>(sql, parameters, cancellationToken);
    }

    private sealed record Answer
    {
        public bool IsGranted { get; init; }

        public DateTimeOffset RetryAt { get; init; }

        public TimeSpan Wait { get; init; }
    }
}
