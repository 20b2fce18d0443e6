using System.Text.Json;
using AutoMapper;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Keeps a configured strategy or forecast for the signed-in user.</summary>
internal sealed record CreateModel(ModelInput Body) : ICommand<ModelDto>, IHasBody<ModelInput>;

internal sealed class CreateModelValidator : AbstractValidator<CreateModel>
{
    public CreateModelValidator(IValidator<ModelInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class CreateModelHandler(
    IRepository<TradingModel> models,
    ForecastSeries forecasts,
    ICurrentUser user,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<CreateModel, Result<ModelDto>>
{
    public async Task<Result<ModelDto>> Handle(CreateModel request, CancellationToken cancellationToken)
    {
        var configuration = JsonSerializer.SerializeToElement(request.Body.Configuration);
        if (await forecasts.FindAsync(configuration, cancellationToken) is { IsSuccess: false } missing)
        {
            return missing.Error;
        }

        var model = TradingModel.Of(user.Id, request.Body, clock.UtcNow());

        await models.AddAsync(model, cancellationToken);

        return mapper.Map<ModelDto>(model);
    }
}

internal static class CreateModelEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapPost(
                "/",
                async (ModelInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CreateModel(body.WithDefaults()), ct)).ToCreated(model =>
                        ModelDto.Location(model.Id)
                    )
            )
            .WithName(nameof(CreateModel))
            .WithSummary("Create a model: a configured strategy or forecast")
            .WithDescription("`GET /models/strategies` has the JSON Schema of each strategy's configuration.")
            .RequireScope(Scopes.ModelsWrite)
            .HonoursIdempotencyKey()
            .Produces<ModelDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
