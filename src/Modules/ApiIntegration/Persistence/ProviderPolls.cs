using CryptoBeacon.ApiIntegration.Connectors;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>Whose turn it is to be polled, and how it went: one server does it, though all look.</summary>
internal sealed class ProviderPolls(IAutoCommitDatabase database)
{
    public const string Prices = "prices";
    public const string Listings = "listings";

    /// <summary>The active providers with a connector's name whose interval is over, from now on this server's to poll. A little before counts, since jobs start unevenly.</summary>
    public async Task<IReadOnlyList<ProviderSite>> ClaimAsync(
        string connector,
        string kind,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await database.QueryAsync<SiteRow>(
                    $"""
                    with due as (
                        insert into api_integration.provider_polls as poll (provider_id, kind, started_at)
                        select id, @kind, now() from api_integration.api_providers where is_active and lower(name) = @connector
                        on conflict (provider_id, kind) do update set started_at = excluded.started_at
                            where poll.started_at <= now() - 0.9 * (
                                select poll_interval from api_integration.api_providers where id = excluded.provider_id)
                        returning provider_id
                    )
                    select {SiteRow.Columns}
                    from api_integration.api_providers provider
                    join due on due.provider_id = provider.id
                    order by provider.priority, provider.id
                    """,
                    new { connector, kind },
                    cancellationToken
                )
            ).Select(row => row.ToSite()),
        ];

    /// <summary>Once a day; after a failure, with every poll, since without the list there are no prices.</summary>
    public async Task<bool> AreListingsDueAsync(Guid providerId, CancellationToken cancellationToken) =>
        (
            await database.QueryAsync<Guid>(
                """
                insert into api_integration.provider_polls as poll (provider_id, kind, started_at)
                values (@providerId, 'listings', now())
                on conflict (provider_id, kind) do update set started_at = excluded.started_at
                    where poll.succeeded_at is null or poll.succeeded_at < poll.started_at or poll.started_at <= now() - interval '1 day'
                returning provider_id
                """,
                new { providerId },
                cancellationToken
            )
        ).Count > 0;

    /// <returns>The error of the poll before; null: it went well, or there was none.</returns>
    public async Task<string?> EndAsync(
        Guid providerId,
        string kind,
        string? error,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QuerySingleOrDefaultAsync<Outcome>(
                """
                update api_integration.provider_polls poll
                set error = @error, succeeded_at = case when @error::text is null then now() else poll.succeeded_at end
                from (select error from api_integration.provider_polls where provider_id = @providerId and kind = @kind for update) before
                where provider_id = @providerId and kind = @kind
                returning before.error
                """,
                new
                {
                    providerId,
                    kind,
                    error,
                },
                cancellationToken
            )
        )?.Error;

    private sealed record Outcome
    {
        public string? Error { get; init; }
    }
}
