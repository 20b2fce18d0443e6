using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

/// <summary>Its next request is refused.</summary>
internal sealed record DeleteToken(Guid Id) : ICommand;

internal sealed class DeleteTokenHandler(IWriteDatabase database, ICurrentUser user)
    : IRequestHandler<DeleteToken, Result>
{
    public async Task<Result> Handle(DeleteToken request, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "delete from identity.personal_access_tokens where user_id = @userId and id = @id",
            new { userId = user.Id, id = request.Id },
            cancellationToken
        ) > 0
            ? Result.Success
            : IdentityErrors.TokenNotFound;
}

internal static class DeleteTokenEndpoint
{
    public static void Map(RouteGroupBuilder tokens) =>
        tokens
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteToken(id), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteToken))
            .WithSummary("End a personal access token")
            .RequireSession()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
}
