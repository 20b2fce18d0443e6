using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

internal sealed record GetMe : IQuery<UserDto>;

internal sealed class GetMeHandler(IReadDatabase database, ICurrentUser user) : IRequestHandler<GetMe, Result<UserDto>>
{
    public const string Sql = $"select {UserDto.Columns} from identity.users where id = @id";

    public async Task<Result<UserDto>> Handle(GetMe request, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<UserDto>(Sql, new { id = user.Id }, cancellationToken) is { } me
            ? me
            : IdentityErrors.UserNotFound;
}

internal static class GetMeEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapGet(
                "/",
                async (IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetMe(), ct)).ToOk()
            )
            .WithName(nameof(GetMe))
            .WithSummary("Show the signed-in user")
            .RequireScope(Scopes.Read)
            .Produces<UserDto>();
}
