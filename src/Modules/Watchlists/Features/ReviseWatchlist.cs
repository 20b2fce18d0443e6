using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>Changes what a merge patch names. Making it the default takes that from the present one.</summary>
internal sealed record ReviseWatchlist(Guid Id, MergePatch Patch, IfMatch IfMatch) : ICommand<WatchlistDto>;

internal sealed class ReviseWatchlistHandler(
    IRepository<Watchlist> watchlists,
    IValidator<WatchlistInput> validator,
    DefaultOf<Watchlist> defaultWatchlist,
    ICurrentUser user,
    TimeProvider clock,
    IMediator mediator
) : IRequestHandler<ReviseWatchlist, Result<WatchlistDto>>
{
    public async Task<Result<WatchlistDto>> Handle(ReviseWatchlist request, CancellationToken cancellationToken)
    {
        await defaultWatchlist.LockAsync(cancellationToken);
        var watchlist = await watchlists.FirstOrDefaultAsync(
            new WatchlistSpecs.ById(user.Id, request.Id),
            cancellationToken
        );
        if (watchlist is null)
        {
            return WatchlistErrors.NotFound;
        }

        if (!request.IfMatch.Matches(watchlist.Version))
        {
            return Error.PreconditionFailed;
        }

        var current = watchlist.ToInput();
        var revised = request.Patch.ApplyTo(current, validator);
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        var input = revised.Value;
        if (current.IsDefault is true && input.IsDefault is false)
        {
            return WatchlistErrors.DefaultRequired;
        }

        if (input != current)
        {
            watchlist.Revise(input, clock.UtcNow());
            await watchlists.UpdateAsync(watchlist, cancellationToken);
        }

        if (input.IsDefault is true && current.IsDefault is false)
        {
            await defaultWatchlist.MoveToAsync(watchlist, cancellationToken);
        }

        return await mediator.Send(new GetWatchlist(request.Id, Currency: null), cancellationToken);
    }
}

internal static class ReviseWatchlistEndpoint
{
    public static void Map(RouteGroupBuilder watchlists) =>
        watchlists
            .MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<WatchlistInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseWatchlist(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ReviseWatchlist))
            .WithSummary("Rename a watchlist or make it the default")
            .Produces<WatchlistDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.WatchlistsWrite);
}
