namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>The providers, active or not, by name.</summary>
internal sealed record ListProviders(bool? IsActive, int? Limit, string? Cursor) : IQuery<Page<ProviderDto>>;

internal sealed record ProviderPosition(string Name, Guid Id);

internal sealed class ListProvidersValidator : AbstractValidator<ListProviders>
{
    public ListProvidersValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListProviders, ProviderPosition>();
    }
}

internal sealed class ListProvidersHandler(IReadDatabase database)
    : IRequestHandler<ListProviders, Result<Page<ProviderDto>>>
{
    public async Task<Result<Page<ProviderDto>>> Handle(ListProviders request, CancellationToken cancellationToken)
    {
        var position = Cursor.Decode<ProviderPosition>(request.Cursor);
        var rows = await database.QueryAsync<ProviderDto>(
            $"""
            select {ProviderDto.Columns}
            from api_integration.api_providers
            where (@IsActive::boolean is null or is_active = @IsActive) and (@name::text is null or (name, id) > (@name, @id))
            order by name, id
            limit @take
            """,
            new
            {
                request.IsActive,
                name = position?.Name,
                id = position?.Id,
                take = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<ProviderDto>.From(rows, request.Limit, last => new ProviderPosition(last.Name, last.Id));
    }
}

internal static class ListProvidersEndpoint
{
    public static void Map(RouteGroupBuilder providers) =>
        providers
            .MapGet(
                "/",
                async (bool? isActive, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListProviders(isActive, limit, cursor), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<ProviderDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(ListProviders))
            .WithSummary("List providers");
}
