using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Jobs;
using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Has the account's fills taken into a portfolio, in the background. It goes on where the last sync of the two ended, unless that could not book
/// everything or what it brought has been undone. One that runs already is that one.
/// </summary>
internal sealed record BeginSync(Guid ApiKeyId, Guid? PortfolioId, bool IsNightly) : ICommand<SyncRunDto>;

internal sealed class BeginSyncValidator : AbstractValidator<BeginSync>
{
    public BeginSyncValidator() => RuleFor(c => c.PortfolioId).Required();
}

internal sealed class BeginSyncHandler(
    IWriteDatabase database,
    ConnectorCatalog connectors,
    IPositions positions,
    IFillImports imports,
    IOutbox outbox,
    ICurrentUser user
) : IRequestHandler<BeginSync, Result<SyncRunDto>>
{
    public async Task<Result<SyncRunDto>> Handle(BeginSync request, CancellationToken cancellationToken)
    {
        // The key's lock has two requests take turns.
        var keys = await database.QueryAsync<UsableKey>(
            """
            select key.is_active and provider.is_active as is_active, provider.name as provider_name
            from api_integration.api_keys key
            join api_integration.api_providers provider on provider.id = key.provider_id
            where key.user_id = @userId and key.id = @ApiKeyId
            for update of key
            """,
            new { userId = user.Id, request.ApiKeyId },
            cancellationToken
        );
        var refusal =
            keys is not [var key] ? ApiErrors.NoKey
            : !key.IsActive ? ApiErrors.Inactive
            : connectors.Find<IExchangeConnector>(key.ProviderName) is null ? ApiErrors.NoConnector
            : await positions.FindPortfolioAsync(request.PortfolioId!.Value, cancellationToken) is null
                ? ApiErrors.NoPortfolio
            : null;
        if (refusal is not null)
        {
            return refusal;
        }

        var run = await FindRunningAsync(request, cancellationToken) ?? await StartAsync(request, cancellationToken);
        // Also of one that is there already: it may wait for the exchange to come back, or have outlived all attempts.
        await outbox.RequestJobAsync(SyncAccountJob.Name, run.Id.ToString(), cancellationToken);
        return run.ToDto();
    }

    private async Task<SyncRunRow?> FindRunningAsync(BeginSync request, CancellationToken cancellationToken) =>
        (
            await database.QueryAsync<SyncRunRow>(
                $"""
                select {SyncRunRow.Columns}
                from api_integration.sync_runs
                where user_id = @userId and api_key_id = @ApiKeyId and portfolio_id = @PortfolioId and status in ('queued', 'running')
                """,
                new
                {
                    userId = user.Id,
                    request.ApiKeyId,
                    request.PortfolioId,
                },
                cancellationToken
            )
        ).SingleOrDefault();

    private async Task<SyncRunRow> StartAsync(BeginSync request, CancellationToken cancellationToken)
    {
        var resumeFrom = await EndOfLastAsync(request, cancellationToken);
        var runs = await database.QueryAsync<SyncRunRow>(
            $"""
            insert into api_integration.sync_runs (id, user_id, api_key_id, portfolio_id, is_nightly, is_full, resume_from)
            values (@id, @userId, @ApiKeyId, @PortfolioId, @IsNightly, @isFull, @resumeFrom)
            returning {SyncRunRow.Columns}
            """,
            new
            {
                id = Uuid.New(),
                userId = user.Id,
                request.ApiKeyId,
                request.PortfolioId,
                request.IsNightly,
                isFull = resumeFrom is null,
                resumeFrom,
            },
            cancellationToken
        );
        return runs[0];
    }

    /// <summary>Where the last sync that read the account to its end stopped; null: begin at its beginning.</summary>
    private async Task<string?> EndOfLastAsync(BeginSync request, CancellationToken cancellationToken)
    {
        var since = await database.QueryAsync<EndedSync>(
            """
            select resume_from, import_id, rejected_count
            from api_integration.sync_runs
            where user_id = @userId and api_key_id = @ApiKeyId and portfolio_id = @PortfolioId and status = 'succeeded'
                and id >= (
                    select max(id::text)::uuid
                    from api_integration.sync_runs
                    where user_id = @userId and api_key_id = @ApiKeyId and portfolio_id = @PortfolioId
                        and status = 'succeeded' and is_full)
            order by id desc
            """,
            new
            {
                userId = user.Id,
                request.ApiKeyId,
                request.PortfolioId,
            },
            cancellationToken
        );
        return
            since is [var last, ..]
            && since.All(run => run.RejectedCount == 0)
            && await imports.StandAsync([.. since.Select(run => run.ImportId).OfType<Guid>()], cancellationToken)
            ? last.ResumeFrom
            : null;
    }

    private sealed record UsableKey
    {
        public required bool IsActive { get; init; }

        public required string ProviderName { get; init; }
    }

    private sealed record EndedSync
    {
        public string? ResumeFrom { get; init; }

        public Guid? ImportId { get; init; }

        public required int RejectedCount { get; init; }
    }
}

internal static class BeginSyncEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapPost(
                "/{id:guid}/sync",
                async (Guid id, Guid? portfolioId, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new BeginSync(id, portfolioId, IsNightly: false), ct)).ToAccepted(run =>
                        $"/api/v1/api-keys/{id}/sync-runs/{run.Id}"
                    )
            )
            .RequireScope(Scopes.KeysWrite)
            .HonoursIdempotencyKey()
            .Produces<SyncRunDto>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName(nameof(BeginSync))
            .WithSummary("Take the account's fills into a portfolio, in the background")
            .WithDescription(
                "Each fill becomes a trade once, however often it is read and whichever import brought it; sales of more than is held are recorded. It goes on where the last sync into the portfolio "
                    + "ended. 409 `inactive`: the key or its provider is out of use; 409 `no_connector`: this server does not speak to the provider's accounts."
            );
}
