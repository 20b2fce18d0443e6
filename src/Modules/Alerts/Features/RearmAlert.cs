using AutoMapper;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Persistence;

namespace CryptoBeacon.Alerts.Features;

/// <summary>A fired or paused alert becomes active again, from not knowing; one that is active already stays as it is.</summary>
internal sealed record RearmAlert(Guid Id) : ICommand<AlertDto>;

internal sealed class RearmAlertHandler(AlertLock locked, IRepository<Alert> alerts, TimeProvider clock, IMapper mapper)
    : IRequestHandler<RearmAlert, Result<AlertDto>>
{
    public async Task<Result<AlertDto>> Handle(RearmAlert request, CancellationToken cancellationToken)
    {
        var alert = await locked.FindAsync(request.Id, cancellationToken);
        if (alert is null)
        {
            return AlertErrors.NotFound;
        }

        if (alert.HasExpired(clock.GetUtcNow()))
        {
            return AlertErrors.Expired;
        }

        alert.Rearm();
        await alerts.UpdateAsync(alert, cancellationToken);

        return mapper.Map<AlertDto>(alert);
    }
}

internal static class RearmAlertEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapPost(
                "/{id:guid}/rearm",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new RearmAlert(id), ct)).ToOk()
            )
            .WithName(nameof(RearmAlert))
            .WithSummary("Make a fired or paused alert active again")
            .RequireScope(Scopes.AlertsWrite)
            .Produces<AlertDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
