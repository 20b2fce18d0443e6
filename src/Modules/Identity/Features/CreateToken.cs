using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record TokenInput
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Null: until it is deleted.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Needed where a second factor is on.</summary>
    public string? Code { get; init; }
}

/// <summary>Makes a token for a program, which may do less than its user and never more.</summary>
internal sealed record CreateToken(TokenInput Body) : IStepwiseCommand<TokenDto>, IHasBody<TokenInput>;

internal sealed class CreateTokenValidator : AbstractValidator<CreateToken>
{
    public CreateTokenValidator(TimeProvider clock)
    {
        RuleFor(c => c.Body.Name).Required().Name();
        RuleFor(c => c.Body.Scopes)
            .Limit(
                new Limit
                {
                    IsRequired = true,
                    MinItems = 1,
                    Items = new Limit { OneOf = Scopes.All },
                },
                scopes => scopes is { Count: > 0 } && scopes.All(Scopes.All.Contains),
                $"must be at least one of {string.Join(", ", Scopes.All)}"
            );
        RuleFor(c => c.Body.ExpiresAt)
            .Must(at => at is null || at > clock.GetUtcNow())
            .WithMessage("must lie in the future");
    }
}

internal sealed class CreateTokenHandler(
    IReadDatabase reads,
    IAutoCommitDatabase database,
    ICurrentUser user,
    SecondFactor secondFactor,
    Mails mails,
    TimeProvider clock
) : IRequestHandler<CreateToken, Result<TokenDto>>
{
    public async Task<Result<TokenDto>> Handle(CreateToken request, CancellationToken cancellationToken)
    {
        var body = request.Body;
        var me = await reads.QuerySingleOrDefaultAsync<UserDto>(
            GetMeHandler.Sql,
            new { id = user.Id },
            cancellationToken
        );
        if (me is { MfaEnabled: true })
        {
            if (string.IsNullOrEmpty(body.Code))
            {
                return Error.Invalid("code", "is required, since a second factor is on");
            }

            var check = await secondFactor.RequireAsync(user.Id, body.Code, cancellationToken);
            if (!check.IsSuccess)
            {
                return check.Error;
            }
        }

        var token = PersonalAccessTokens.Make();
        var made = await database.QuerySingleOrDefaultAsync<TokenDto>(
            $"""
            with made as (
                insert into identity.personal_access_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
                values (@id, @userId, @name, @hash, @scopes, @now, @expiresAt)
                returning {TokenDto.Columns}
            )
            select {TokenDto.Columns}, identity.write_mail(@mailId, @userId, 'token_created', @now)::text from made
            """,
            new
            {
                id = Uuid.New(),
                userId = user.Id,
                name = body.Name,
                hash = PersonalAccessTokens.Hash(token),
                scopes = body.Scopes!.Distinct().ToArray(),
                now = clock.UtcNow(),
                expiresAt = body.ExpiresAt,
                mailId = mails.NewId(),
            },
            cancellationToken
        );
        return made! with { Token = token };
    }
}

internal static class CreateTokenEndpoint
{
    public static void Map(RouteGroupBuilder tokens) =>
        tokens
            .MapPost(
                "/",
                async (TokenInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CreateToken(body), ct)).ToCreated(token => $"/api/v1/me/tokens/{token.Id}")
            )
            .WithName(nameof(CreateToken))
            .WithSummary("Make a personal access token, shown this once")
            .RequireSession()
            .Produces<TokenDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
