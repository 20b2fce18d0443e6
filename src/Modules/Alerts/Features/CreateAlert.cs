using AutoMapper;
using CryptoBeacon.Alerts.Domain;

namespace CryptoBeacon.Alerts.Features;

/// <summary>Arms a price alert for the signed-in user.</summary>
internal sealed record CreateAlert(AlertInput Body) : ICommand<AlertDto>, IHasBody<AlertInput>;

internal sealed class CreateAlertValidator : AbstractValidator<CreateAlert>
{
    public CreateAlertValidator(IValidator<AlertInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class CreateAlertHandler(
    IRepository<Alert> alerts,
    ICurrentUser user,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<CreateAlert, Result<AlertDto>>
{
    public async Task<Result<AlertDto>> Handle(CreateAlert request, CancellationToken cancellationToken)
    {
        var alert = Alert.Arm(user.Id, request.Body.ToTerms(), clock.UtcNow());

        await alerts.AddAsync(alert, cancellationToken);

        return mapper.Map<AlertDto>(alert);
    }
}

internal static class CreateAlertEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapPost(
                "/",
                async (AlertInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CreateAlert(body), ct)).ToCreated(alert => $"/api/v1/alerts/{alert.Id}")
            )
            .WithName(nameof(CreateAlert))
            .WithSummary("Arm a price alert")
            .RequireScope(Scopes.AlertsWrite)
            .HonoursIdempotencyKey()
            .Produces<AlertDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
