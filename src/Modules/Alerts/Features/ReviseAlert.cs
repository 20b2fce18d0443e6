using AutoMapper;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Persistence;

namespace CryptoBeacon.Alerts.Features;

/// <summary>
/// Changes an alert. Another coin, condition, target or currency is another question, which starts from not knowing; whether it is asked is
/// <c>isActive</c>'s business alone: false pauses, true arms again.
/// </summary>
internal sealed record ReviseAlert(Guid Id, MergePatch Patch, IfMatch IfMatch) : ICommand<AlertDto>;

internal sealed class ReviseAlertHandler(
    AlertLock locked,
    IRepository<Alert> alerts,
    IValidator<AlertInput> validator,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<ReviseAlert, Result<AlertDto>>
{
    private static readonly string[] DecidedByOrigin = ["coinId", "condition", "price", "notificationChannels"];

    /// <summary>What creation fills in where it is left out: an alert always has it.</summary>
    private static readonly string[] NeverCleared = ["isActive", "repeat", "currency", "notificationChannels"];

    public async Task<Result<AlertDto>> Handle(ReviseAlert request, CancellationToken cancellationToken)
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

        var cleared = NeverCleared.Where(request.Patch.Clears).ToArray();
        if (cleared.Length > 0)
        {
            return Error.Invalid(cleared.ToDictionary(name => name, _ => new[] { "is required" }));
        }

        var revised = request.Patch.ApplyTo(AlertInput.Of(alert, clock.GetUtcNow()));
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        var validation = await validator.ValidateAsync(revised.Value, cancellationToken);
        if (!validation.IsValid)
        {
            return validation.ToError();
        }

        if (alert.OriginId is not null && DecidedByOrigin.Any(request.Patch.Touches))
        {
            return AlertErrors.BelongsToWatchlist;
        }

        alert.Revise(revised.Value.ToTerms());
        await alerts.UpdateAsync(alert, cancellationToken);

        return mapper.Map<AlertDto>(alert);
    }
}

internal static class ReviseAlertEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<AlertInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseAlert(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ReviseAlert))
            .WithSummary("Change, pause or resume an alert")
            .RequireScope(Scopes.AlertsWrite)
            .Produces<AlertDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
