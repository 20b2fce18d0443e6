namespace CryptoBeacon.Identity.Features;

/// <summary>An account as an administrator sees it.</summary>
internal sealed record AdminUserDto : IVersioned
{
    public const string Columns = """
        id, email, email_verified, display_name, role, is_active, false as mfa_enabled, created_at, updated_at, last_login, revision as version
        """;

    public Guid Id { get; init; }

    public required string Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? DisplayName { get; init; }

    public Domain.UserRole Role { get; init; }

    public bool IsActive { get; init; }

    public bool MfaEnabled { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? LastLogin { get; init; }

    public uint Version { get; init; }
}

internal sealed record UserPosition(Guid Id);

internal sealed record ListUsers(int? Limit, string? Cursor) : IQuery<Page<AdminUserDto>>;

internal sealed class ListUsersValidator : AbstractValidator<ListUsers>
{
    public ListUsersValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListUsers, UserPosition>();
    }
}

internal sealed class ListUsersHandler(IReadDatabase database) : IRequestHandler<ListUsers, Result<Page<AdminUserDto>>>
{
    public async Task<Result<Page<AdminUserDto>>> Handle(ListUsers request, CancellationToken cancellationToken)
    {
        // The policy shows an administrator everybody but the system's own account.
        var rows = await database.QueryAsync<AdminUserDto>(
            $"""
            select {AdminUserDto.Columns}
            from identity.users
            where @after::uuid is null or id > @after
            order by id
            limit @limit
            """,
            new { after = Cursor.Decode<UserPosition>(request.Cursor)?.Id, limit = PageSize.AndOneMore(request.Limit) },
            cancellationToken
        );
        return Page<AdminUserDto>.From(rows, request.Limit, user => new UserPosition(user.Id));
    }
}

internal static class ListUsersEndpoint
{
    public static void Map(RouteGroupBuilder users) =>
        users
            .MapGet(
                "/",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListUsers(limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListUsers))
            .WithSummary("List the accounts, the oldest first")
            .RequireAdmin()
            .Produces<Page<AdminUserDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
