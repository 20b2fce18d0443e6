using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Features;

internal sealed record GetProvider(Guid Id) : IQuery<ProviderDto>;

internal sealed class GetProviderHandler(IReadDatabase database) : IRequestHandler<GetProvider, Result<ProviderDto>>
{
    public async Task<Result<ProviderDto>> Handle(GetProvider request, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<ProviderDto>(
            $"select {ProviderDto.Columns} from api_integration.api_providers where id = @Id",
            new { request.Id },
            cancellationToken
        )
            is { } provider
            ? provider
            : ApiErrors.NoProvider;
}

internal static class GetProviderEndpoint
{
    public static void Map(RouteGroupBuilder providers) =>
        providers
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetProvider(id), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<ProviderDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName(nameof(GetProvider))
            .WithSummary("Read a provider");
}
