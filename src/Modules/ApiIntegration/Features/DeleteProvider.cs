using System.Data.Common;
using CryptoBeacon.ApiIntegration.Domain;
using Microsoft.EntityFrameworkCore;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Takes a provider off the list, unless somebody has a key of it.</summary>
internal sealed record DeleteProvider(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteProviderHandler(IRepository<ApiProvider> providers, IWriteDatabase database)
    : IRequestHandler<DeleteProvider, Result>
{
    private const string ForeignKeyViolation = "23503";

    public async Task<Result> Handle(DeleteProvider request, CancellationToken cancellationToken)
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

        // An administrator sees nobody's keys: the reference itself has to say that there are some.
        await database.ExecuteAsync(
            "set constraints api_integration.api_keys_provider_id_fkey immediate",
            null,
            cancellationToken
        );
        try
        {
            await providers.DeleteAsync(provider, cancellationToken);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is DbException { SqlState: ForeignKeyViolation })
        {
            return ApiErrors.ProviderHasKeys;
        }

        return Result.Success;
    }
}

internal static class DeleteProviderEndpoint
{
    public static void Map(RouteGroupBuilder administration) =>
        administration
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteProvider(id, ifMatch), ct)).ToNoContent()
            )
            .RequireAdmin()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .WithName(nameof(DeleteProvider))
            .WithSummary("Delete a provider of which nobody has a key");
}
