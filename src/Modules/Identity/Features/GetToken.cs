using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

internal sealed record GetToken(Guid Id) : IQuery<TokenDto>;

internal sealed class GetTokenHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<GetToken, Result<TokenDto>>
{
    public async Task<Result<TokenDto>> Handle(GetToken request, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<TokenDto>(
            $"select {TokenDto.Columns} from identity.personal_access_tokens where user_id = @userId and id = @id",
            new { userId = user.Id, id = request.Id },
            cancellationToken
        )
            is { } token
            ? token
            : IdentityErrors.TokenNotFound;
}

internal static class GetTokenEndpoint
{
    public static void Map(RouteGroupBuilder tokens) =>
        tokens
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetToken(id), ct)).ToOk()
            )
            .WithName(nameof(GetToken))
            .WithSummary("Show a personal access token, without the token itself")
            .RequireSession()
            .Produces<TokenDto>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
