using System.Text.Json;
using System.Text.Json.Nodes;
using AutoMapper;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Changes what a merge patch names. Back-tests that wait or run keep the configuration that they were asked for with.</summary>
internal sealed record ReviseModel(Guid Id, MergePatch Patch, IfMatch IfMatch) : ICommand<ModelDto>;

internal sealed class ReviseModelHandler(
    IRepository<TradingModel> models,
    ForecastSeries forecasts,
    IValidator<ModelInput> validator,
    ICurrentUser user,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<ReviseModel, Result<ModelDto>>
{
    public async Task<Result<ModelDto>> Handle(ReviseModel request, CancellationToken cancellationToken)
    {
        var model = await models.FirstOrDefaultAsync(new ModelSpecs.ById(user.Id, request.Id), cancellationToken);
        if (model is null)
        {
            return ModelErrors.NotFound;
        }

        if (!request.IfMatch.Matches(model.Version))
        {
            return Error.PreconditionFailed;
        }

        var current = ModelInput.Of(model);
        var revised = request.Patch.ApplyTo(current, validator);
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        if (!IsSame(current, revised.Value))
        {
            var configuration = JsonSerializer.SerializeToElement(revised.Value.Configuration);
            if (await forecasts.FindAsync(configuration, cancellationToken) is { IsSuccess: false } missing)
            {
                return missing.Error;
            }

            model.Revise(revised.Value, clock.UtcNow());
            await models.UpdateAsync(model, cancellationToken);
        }

        return mapper.Map<ModelDto>(model);
    }

    private static bool IsSame(ModelInput current, ModelInput revised) =>
        JsonNode.DeepEquals(current.Configuration, revised.Configuration)
        && current with { Configuration = null } == (revised with { Configuration = null });
}

internal static class ReviseModelEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<ModelInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseModel(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ReviseModel))
            .WithSummary("Change a model; its configuration is merged, then checked as a whole")
            .RequireScope(Scopes.ModelsWrite)
            .Produces<ModelDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
