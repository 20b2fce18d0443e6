namespace CryptoBeacon.Trading.Features;

/// <summary>Lists what was imported when, the newest first.</summary>
internal sealed record ListImports(int? Limit, string? Cursor) : IQuery<Page<ImportDto>>;

internal record ImportDto
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        id, portfolio_id, format, file_name, mode, status, progress, imported, duplicates, rejected, skipped, created_at
        """;

    public required Guid Id { get; init; }

    public required Guid PortfolioId { get; init; }

    public required string Format { get; init; }

    public string? FileName { get; init; }

    public required string Mode { get; init; }

    /// <summary>queued, running, succeeded or failed.</summary>
    public required string Status { get; init; }

    /// <summary>From 0 to 1.</summary>
    public required decimal Progress { get; init; }

    public required int Imported { get; init; }

    public required int Duplicates { get; init; }

    public required int Rejected { get; init; }

    public required int Skipped { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed record ImportPosition(DateTimeOffset CreatedAt, Guid ImportId);

internal sealed class ListImportsValidator : AbstractValidator<ListImports>
{
    public ListImportsValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListImports, ImportPosition>();
    }
}

internal sealed class ListImportsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListImports, Result<Page<ImportDto>>>
{
    public async Task<Result<Page<ImportDto>>> Handle(ListImports request, CancellationToken cancellationToken)
    {
        var position =
            Cursor.Decode<ImportPosition>(request.Cursor)
            ?? new ImportPosition(DateTimeOffset.MaxValue, Guid.AllBitsSet);
        var rows = await database.QueryAsync<ImportDto>(
            $"""
            select {ImportDto.Columns}
            from trading.trade_imports
            where user_id = @userId and (created_at, id) < (@createdAt, @importId)
            order by created_at desc, id desc
            limit @limit
            """,
            new
            {
                userId = user.Id,
                createdAt = position.CreatedAt,
                importId = position.ImportId,
                limit = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<ImportDto>.From(rows, request.Limit, last => new ImportPosition(last.CreatedAt, last.Id));
    }
}

internal static class ListImportsEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/imports",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListImports(limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListImports))
            .WithSummary("List imports")
            .RequireScope(Scopes.Read)
            .Produces<Page<ImportDto>>();
}
