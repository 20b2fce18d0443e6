namespace CryptoBeacon.Identity.Features;

/// <summary>A signed-in device.</summary>
internal sealed record SessionDto
{
    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Whether it is the one that asks.</summary>
    public bool Current { get; init; }
}

internal sealed record SessionPosition(Guid Id);

internal sealed record ListSessions(int? Limit, string? Cursor) : IQuery<Page<SessionDto>>;

internal sealed class ListSessionsValidator : AbstractValidator<ListSessions>
{
    public ListSessionsValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListSessions, SessionPosition>();
    }
}

internal sealed class ListSessionsHandler(IReadDatabase database, ICurrentUser user, TimeProvider clock)
    : IRequestHandler<ListSessions, Result<Page<SessionDto>>>
{
    public async Task<Result<Page<SessionDto>>> Handle(ListSessions request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<SessionDto>(
            """
            select id, created_at, last_used_at, host(ip_address) as ip_address, user_agent, id is not distinct from @current as current
            from identity.sessions
            where user_id = @userId and revoked_at is null and expires_at > @now and (@after::uuid is null or id < @after)
            order by id desc
            limit @limit
            """,
            new
            {
                userId = user.Id,
                current = user.SessionId,
                now = clock.UtcNow(),
                after = Cursor.Decode<SessionPosition>(request.Cursor)?.Id,
                limit = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<SessionDto>.From(rows, request.Limit, session => new SessionPosition(session.Id));
    }
}

internal static class ListSessionsEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapGet(
                "/sessions",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListSessions(limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListSessions))
            .WithSummary("List the signed-in devices, the newest first")
            .RequireSession()
            .Produces<Page<SessionDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
