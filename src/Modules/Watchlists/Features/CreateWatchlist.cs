using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>Opens a watchlist for the signed-in user; the first one is the default.</summary>
internal sealed record CreateWatchlist(WatchlistInput Body) : ICommand<WatchlistDto>, IHasBody<WatchlistInput>;

internal sealed class CreateWatchlistValidator : AbstractValidator<CreateWatchlist>
{
    public CreateWatchlistValidator(IValidator<WatchlistInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class CreateWatchlistHandler(
    DefaultOf<Watchlist> defaultWatchlist,
    ICurrentUser user,
    TimeProvider clock,
    IMediator mediator
) : IRequestHandler<CreateWatchlist, Result<WatchlistDto>>
{
    public async Task<Result<WatchlistDto>> Handle(CreateWatchlist request, CancellationToken cancellationToken)
    {
        await defaultWatchlist.LockAsync(cancellationToken);

        var watchlist = Watchlist.Open(user.Id, request.Body, clock.UtcNow());
        await defaultWatchlist.AddAsync(watchlist, request.Body.IsDefault is true, cancellationToken);

        return await mediator.Send(new GetWatchlist(watchlist.Id, Currency: null), cancellationToken);
    }
}

internal static class CreateWatchlistEndpoint
{
    public static void Map(RouteGroupBuilder watchlists) =>
        watchlists
            .MapPost(
                "/",
                async (WatchlistInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CreateWatchlist(body.WithDefaults()), ct)).ToCreated(w =>
                        WatchlistDto.Location(w.Id)
                    )
            )
            .WithName(nameof(CreateWatchlist))
            .WithSummary("Open a watchlist")
            .Produces<WatchlistDto>(StatusCodes.Status201Created)
            .RequireScope(Scopes.WatchlistsWrite)
            .HonoursIdempotencyKey();
}
