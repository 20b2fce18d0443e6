namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>One's own keys, the newest first.</summary>
internal sealed record ListApiKeys(Guid? ProviderId, int? Limit, string? Cursor) : IQuery<Page<ApiKeyDto>>;

internal sealed record ApiKeyPosition(Guid ApiKeyId);

internal sealed class ListApiKeysValidator : AbstractValidator<ListApiKeys>
{
    public ListApiKeysValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListApiKeys, ApiKeyPosition>();
    }
}

internal sealed class ListApiKeysHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListApiKeys, Result<Page<ApiKeyDto>>>
{
    public async Task<Result<Page<ApiKeyDto>>> Handle(ListApiKeys request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<ApiKeyDto>(
            $"""
            select {ApiKeyDto.Columns}
            from api_integration.api_keys
            where user_id = @userId
                and (@ProviderId::uuid is null or provider_id = @ProviderId)
                and (@before::uuid is null or id < @before)
            order by id desc
            limit @take
            """,
            new
            {
                userId = user.Id,
                request.ProviderId,
                before = Cursor.Decode<ApiKeyPosition>(request.Cursor)?.ApiKeyId,
                take = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<ApiKeyDto>.From(rows, request.Limit, last => new ApiKeyPosition(last.Id));
    }
}

internal static class ListApiKeysEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapGet(
                "/",
                async (Guid? providerId, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListApiKeys(providerId, limit, cursor), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<ApiKeyDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(ListApiKeys))
            .WithSummary("List one's keys of exchanges; what they are is not shown");
}
