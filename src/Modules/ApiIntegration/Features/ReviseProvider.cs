using AutoMapper;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Changes a provider, or takes it out of use: one that is not active is neither polled nor called with anybody's key.</summary>
internal sealed record ReviseProvider(Guid Id, MergePatch Patch, IfMatch IfMatch) : ICommand<ProviderDto>;

internal sealed class ReviseProviderHandler(
    IRepository<ApiProvider> providers,
    IValidator<ProviderInput> validator,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<ReviseProvider, Result<ProviderDto>>
{
    public async Task<Result<ProviderDto>> Handle(ReviseProvider request, CancellationToken cancellationToken)
    {
        var provider = await providers.FirstOrDefaultAsync(new ProviderSpecs.ById(request.Id), cancellationToken);
        if (provider is null)
        {
            return ApiErrors.NoProvider;
        }

        if (!request.IfMatch.Matches(provider.Version))
        {
            return Error.PreconditionFailed;
        }

        var revised = await request.Patch.ApplyToAsync(ProviderInput.Of(provider), validator, cancellationToken);
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        provider.Revise(revised.Value, clock.UtcNow());
        try
        {
            await providers.UpdateAsync(provider, cancellationToken);
        }
        catch (DbUpdateException exception) when (ApiProviderConfiguration.IsNameTaken(exception))
        {
            return ApiErrors.NameIsTaken;
        }

        return mapper.Map<ProviderDto>(provider);
    }
}

internal static class ReviseProviderEndpoint
{
    public static void Map(RouteGroupBuilder administration) =>
        administration
            .MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<ProviderInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseProvider(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .RequireAdmin()
            .Produces<ProviderDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .WithName(nameof(ReviseProvider))
            .WithSummary("Change a provider, or take it out of use");
}
