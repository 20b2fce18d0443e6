using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

/// <summary>Its next request is refused.</summary>
internal sealed record DeleteToken(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteTokenHandler(IWriteDatabase database, ICurrentUser user)
    : IRequestHandler<DeleteToken, Result>
{
    public async Task<Result> Handle(DeleteToken request, CancellationToken cancellationToken)
    {
        var deleted = await database.ExecuteAsync(
            "delete from identity.personal_access_tokens where user_id = @userId and id = @id",
            new { userId = user.Id, id = request.Id },
            cancellationToken
        );
        if (deleted == 0)
        {
            return IdentityErrors.TokenNotFound;
        }

        // A refusal rolls the command back.
        return request.IfMatch.Matches(TokenDto.OnlyVersion) ? Result.Success : Error.PreconditionFailed;
    }
}

internal static class DeleteTokenEndpoint
{
    public static void Map(RouteGroupBuilder tokens) =>
        tokens
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteToken(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteToken))
            .WithSummary("End a personal access token")
            .RequireSession()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
