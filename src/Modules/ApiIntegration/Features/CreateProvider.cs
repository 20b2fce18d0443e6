using AutoMapper;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Adds a provider to the list.</summary>
internal sealed record CreateProvider(ProviderInput Body) : ICommand<ProviderDto>, IHasBody<ProviderInput>;

internal sealed class CreateProviderValidator : AbstractValidator<CreateProvider>
{
    public CreateProviderValidator(IValidator<ProviderInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class CreateProviderHandler(IRepository<ApiProvider> providers, TimeProvider clock, IMapper mapper)
    : IRequestHandler<CreateProvider, Result<ProviderDto>>
{
    public async Task<Result<ProviderDto>> Handle(CreateProvider request, CancellationToken cancellationToken)
    {
        var provider = ApiProvider.Add(request.Body, clock.UtcNow());

        try
        {
            await providers.AddAsync(provider, cancellationToken);
        }
        catch (DbUpdateException exception) when (ApiProviderConfiguration.IsNameTaken(exception))
        {
            return ApiErrors.NameIsTaken;
        }

        return mapper.Map<ProviderDto>(provider);
    }
}

internal static class CreateProviderEndpoint
{
    public static void Map(RouteGroupBuilder administration) =>
        administration
            .MapPost(
                "/",
                async (ProviderInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CreateProvider(body.WithDefaults()), ct)).ToCreated(provider =>
                        $"/api/v1/providers/{provider.Id}"
                    )
            )
            .RequireAdmin()
            .HonoursIdempotencyKey()
            .Produces<ProviderDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName(nameof(CreateProvider))
            .WithSummary("Add a provider");
}
