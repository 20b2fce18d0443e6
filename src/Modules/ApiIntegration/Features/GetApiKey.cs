using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Features;

internal sealed record GetApiKey(Guid Id) : IQuery<ApiKeyDto>;

internal sealed class GetApiKeyHandler(IReadDatabase database) : IRequestHandler<GetApiKey, Result<ApiKeyDto>>
{
    public async Task<Result<ApiKeyDto>> Handle(GetApiKey request, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<ApiKeyDto>(
            $"select {ApiKeyDto.Columns} from api_integration.api_keys where id = @Id",
            new { request.Id },
            cancellationToken
        )
            is { } key
            ? key
            : ApiErrors.NoKey;
}

internal static class GetApiKeyEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetApiKey(id), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<ApiKeyDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName(nameof(GetApiKey))
            .WithSummary("Read a key of an exchange; what it is is not shown");
}
