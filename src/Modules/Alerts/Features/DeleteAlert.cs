using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Persistence;

namespace CryptoBeacon.Alerts.Features;

/// <summary>Ends an alert. What it has fired stays in the history.</summary>
internal sealed record DeleteAlert(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteAlertHandler(AlertLock locked, IRepository<Alert> alerts, TimeProvider clock)
    : IRequestHandler<DeleteAlert, Result>
{
    public async Task<Result> Handle(DeleteAlert request, CancellationToken cancellationToken)
    {
        var alert = await locked.FindAsync(request.Id, cancellationToken);
        if (alert is null)
        {
            return AlertErrors.NotFound;
        }

        if (!request.IfMatch.Matches(alert.Version))
        {
            return Error.PreconditionFailed;
        }

        if (alert.OriginId is not null)
        {
            return AlertErrors.BelongsToWatchlist;
        }

        await alerts.EndAsync(alert, clock.UtcNow(), cancellationToken);
        return Result.Success;
    }
}

internal static class Ending
{
    public static Task EndAsync(
        this IRepository<Alert> alerts,
        Alert alert,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (alert.TriggeredAt is null)
        {
            return alerts.DeleteAsync(alert, cancellationToken);
        }

        alert.Hide(now);
        return alerts.UpdateAsync(alert, cancellationToken);
    }
}

internal static class DeleteAlertEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteAlert(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteAlert))
            .WithSummary("Delete an alert; its history stays")
            .RequireScope(Scopes.AlertsWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
