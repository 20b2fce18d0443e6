namespace CryptoBeacon.Identity.Features;

internal sealed record TokenPosition(Guid TokenId);

internal sealed record ListTokens(int? Limit, string? Cursor) : IQuery<Page<TokenDto>>;

internal sealed class ListTokensValidator : AbstractValidator<ListTokens>
{
    public ListTokensValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListTokens, TokenPosition>();
    }
}

internal sealed class ListTokensHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListTokens, Result<Page<TokenDto>>>
{
    public async Task<Result<Page<TokenDto>>> Handle(ListTokens request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<TokenDto>(
            $"""
            select {TokenDto.Columns}
            from identity.personal_access_tokens
            where user_id = @userId and (@after::uuid is null or id < @after)
            order by id desc
            limit @limit
            """,
            new
            {
                userId = user.Id,
                after = Cursor.Decode<TokenPosition>(request.Cursor)?.TokenId,
                limit = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<TokenDto>.From(rows, request.Limit, token => new TokenPosition(token.Id));
    }
}

internal static class ListTokensEndpoint
{
    public static void Map(RouteGroupBuilder tokens) =>
        tokens
            .MapGet(
                "/",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListTokens(limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListTokens))
            .WithSummary("List the personal access tokens, the newest first")
            .RequireSession()
            .Produces<Page<TokenDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
