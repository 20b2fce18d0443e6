using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Asks the exchange for the next fills of a sync and has them stored. Only the storing is a transaction.</summary>
/// <returns>Whether there is more to do now.</returns>
internal sealed record SyncNextPage(Guid RunId) : IStepwiseCommand<bool>;

internal sealed class SyncNextPageHandler(
    IReadDatabase database,
    ExchangeAccounts accounts,
    ICurrentUser user,
    IMediator mediator
) : IRequestHandler<SyncNextPage, Result<bool>>
{
    public async Task<Result<bool>> Handle(SyncNextPage request, CancellationToken cancellationToken)
    {
        var run = await database.QuerySingleOrDefaultAsync<PendingRun>(
            """
            select api_key_id, resume_from
            from api_integration.sync_runs
            where user_id = @userId and id = @RunId and status in ('queued', 'running')
            """,
            new { userId = user.Id, request.RunId },
            cancellationToken
        );
        if (run is null)
        {
            return false;
        }

        try
        {
            var opened = await accounts.OpenCheckedAsync<IExchangeConnector>(run.ApiKeyId, cancellationToken);
            if (!opened.IsSuccess)
            {
                var status =
                    opened.Error.Code == ApiErrors.MayWithdrawAfterAll.Code ? SyncStatus.Failed : SyncStatus.Cancelled;
                await mediator.Send(new EndSync(request.RunId, status, opened.Error), cancellationToken);
                return false;
            }

            var account = opened.Value;
            var page = await account.Connector.FillsAsync(
                account.Api,
                account.Credentials,
                run.ResumeFrom,
                cancellationToken
            );
            var taken = await mediator.Send(
                new TakeInFills(request.RunId, account.Connector.Name, run.ResumeFrom, page),
                cancellationToken
            );
            // One that another import has just brought is a duplicate the next time; what else the ledger can't take in stays so.
            if (taken.Error is not { Code: not "duplicate_trade" } refusal)
            {
                return taken;
            }

            await mediator.Send(new EndSync(request.RunId, SyncStatus.Failed, refusal), cancellationToken);
            return false;
        }
        catch (ConnectorException exception)
        {
            await mediator.Send(new PostponeSync(request.RunId, exception), cancellationToken);
            return false;
        }
    }

    private sealed record PendingRun
    {
        public required Guid ApiKeyId { get; init; }

        public string? ResumeFrom { get; init; }
    }
}
