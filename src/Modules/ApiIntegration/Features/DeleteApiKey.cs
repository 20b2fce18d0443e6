using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Forgets a key. What was imported with it stays.</summary>
internal sealed record DeleteApiKey(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteApiKeyHandler(IRepository<ApiKey> keys, ICurrentUser user)
    : IRequestHandler<DeleteApiKey, Result>
{
    public async Task<Result> Handle(DeleteApiKey request, CancellationToken cancellationToken)
    {
        var key = await keys.FirstOrDefaultAsync(new ApiKeySpecs.ById(user.Id, request.Id), cancellationToken);
        if (key is null)
        {
            return ApiErrors.NoKey;
        }

        if (!request.IfMatch.Matches(key.Version))
        {
            return Error.PreconditionFailed;
        }

        await keys.DeleteAsync(key, cancellationToken);
        return Result.Success;
    }
}

internal static class DeleteApiKeyEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteApiKey(id, ifMatch), ct)).ToNoContent()
            )
            .RequireScope(Scopes.KeysWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .WithName(nameof(DeleteApiKey))
            .WithSummary("Forget a key of an exchange; what was imported with it stays");
}
