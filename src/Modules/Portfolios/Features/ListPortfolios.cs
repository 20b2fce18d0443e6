namespace CryptoBeacon.Portfolios.Features;

/// <summary>The user's portfolios, oldest first.</summary>
internal sealed record ListPortfolios(int? Limit, string? Cursor) : IQuery<Page<PortfolioDto>>
{
    /// <summary>Ids ascend with the time of creation.</summary>
    internal sealed record LastShown(Guid Id);
}

internal sealed class ListPortfoliosValidator : AbstractValidator<ListPortfolios>
{
    public ListPortfoliosValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListPortfolios, ListPortfolios.LastShown>();
    }
}

internal sealed class ListPortfoliosHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListPortfolios, Result<Page<PortfolioDto>>>
{
    public async Task<Result<Page<PortfolioDto>>> Handle(ListPortfolios request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<PortfolioDto>(
            """
            select id, name, description, currency, is_default, cost_basis_method, created_at, updated_at, xmin as version
            from portfolios.portfolios
            where user_id = @userId and (@after::uuid is null or id > @after)
            order by id
            limit @take
            """,
            new
            {
                userId = user.Id,
                after = Cursor.Decode<ListPortfolios.LastShown>(request.Cursor)?.Id,
                take = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<PortfolioDto>.From(rows, request.Limit, last => new ListPortfolios.LastShown(last.Id));
    }
}

internal static class ListPortfoliosEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapGet(
                "/",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListPortfolios(limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListPortfolios))
            .WithSummary("List one's portfolios, oldest first")
            .Produces<Page<PortfolioDto>>()
            .RequireScope(Scopes.Read);
}
