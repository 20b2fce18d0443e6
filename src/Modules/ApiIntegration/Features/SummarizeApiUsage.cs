namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Provider by provider: the user's own calls and how they were answered within a day, and what is left of the budget that everybody's calls share.</summary>
internal sealed record SummarizeApiUsage : IQuery<Page<ProviderUsageDto>>;

internal sealed record ProviderUsageDto
{
    public required Guid ProviderId { get; init; }

    public required string Provider { get; init; }

    /// <summary>One's own calls within the provider's window that ends now.</summary>
    public required int WindowCount { get; init; }

    /// <summary>In the provider's weights, of all calls of all users and of the server's polls together; null: the provider has no limit.</summary>
    public int? WindowLimit { get; init; }

    /// <summary>Of it, now; 0 while the provider wants to be left alone.</summary>
    public int? Remaining { get; init; }

    /// <summary>When all of it is there again; null: it is.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>Of the last 24 hours' calls, those that failed; null: there were none.</summary>
    public decimal? ErrorRate { get; init; }

    /// <summary>Half of the last 24 hours' answers came within so many milliseconds.</summary>
    public int? P50Ms { get; init; }

    public int? P95Ms { get; init; }
}

internal sealed class SummarizeApiUsageHandler(IReadDatabase database, ICurrentUser user, TimeProvider clock)
    : IRequestHandler<SummarizeApiUsage, Result<Page<ProviderUsageDto>>>
{
    public async Task<Result<Page<ProviderUsageDto>>> Handle(
        SummarizeApiUsage request,
        CancellationToken cancellationToken
    )
    {
        var providers = await database.QueryAsync<ProviderUsageDto>(
            """
            select provider.id as provider_id, provider.name as provider, used.window_count, limited.count as window_limit,
                case
                    when limited.count is null then null
                    when bucket.blocked_until > @now then 0
                    else greatest(limited.count - greatest(taken.weight, used.window_count), 0)
                end as remaining,
                greatest(
                    case when greatest(taken.weight, used.window_count) > 0 then limited.starts + limited.length end,
                    case when bucket.blocked_until > @now then bucket.blocked_until end) as resets_at,
                used.error_rate, used.p50_ms, used.p95_ms
            from api_integration.api_providers provider
            cross join lateral (
                select case when window_length is not null then provider.rate_limit_count end as count, window_length as length,
                    date_bin(window_length, @now, '1970-01-01T00:00:00Z') as starts
                -- In seconds, since a month is no span of time.
                from make_interval(secs => extract(epoch from provider.rate_limit_window)) window_length
            ) limited
            left join api_integration.rate_limit_buckets bucket on bucket.provider_id = provider.id
            cross join lateral (select case when bucket.window_start = limited.starts then bucket.used else 0 end as weight) taken
            cross join lateral (
                select
                    (count(*) filter (where is_in_window))::int as window_count,
                    round(avg(case when error is not null or status_code >= 400 then 1 else 0 end) filter (where is_of_the_day), 18) as error_rate,
                    (percentile_disc(0.5) within group (order by response_time) filter (where is_of_the_day))::int as p50_ms,
                    (percentile_disc(0.95) within group (order by response_time) filter (where is_of_the_day))::int as p95_ms
                from (
                    select usage.*, usage."timestamp" > @now - provider.rate_limit_window as is_in_window,
                        usage."timestamp" > @now - interval '24 hours' as is_of_the_day
                    from api_integration.api_usage usage
                    where usage.user_id = @userId and usage.provider_id = provider.id
                        and usage."timestamp" > @now - greatest(provider.rate_limit_window, interval '24 hours')
                ) calls
            ) used
            order by provider.name, provider.id
            """,
            new { userId = user.Id, now = clock.UtcNow() },
            cancellationToken
        );
        return new Page<ProviderUsageDto>(providers, NextCursor: null);
    }
}

internal static class SummarizeApiUsageEndpoint
{
    public static void Map(RouteGroupBuilder usage) =>
        usage
            .MapGet(
                "/summary",
                async (IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new SummarizeApiUsage(), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<ProviderUsageDto>>()
            .WithName(nameof(SummarizeApiUsage))
            .WithSummary(
                "One's own calls to each provider, how it has answered, and what is left of its limit for everybody"
            );
}
