using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record RegisterInput
{
    public string? Email { get; init; }

    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? Password { get; init; }

    public string? DisplayName { get; init; }
}

/// <summary>Makes an account.</summary>
internal sealed record Register(RegisterInput Body) : IStepwiseCommand<UserDto>, IHasBody<RegisterInput>;

internal sealed class RegisterValidator : AbstractValidator<Register>
{
    public RegisterValidator()
    {
        RuleFor(c => c.Body.Email).Required().EmailAddressRule();
        RuleFor(c => c.Body.Password).Cascade(CascadeMode.Stop).Required().NewPassword(c => c.Body.Email);
        RuleFor(c => c.Body.DisplayName).Name();
    }
}

internal sealed class RegisterHandler(
    Accounts accounts,
    PasswordHasher passwords,
    ICurrentUserSetter user,
    IReadDatabase database
) : IRequestHandler<Register, Result<UserDto>>
{
    public async Task<Result<UserDto>> Handle(Register request, CancellationToken cancellationToken)
    {
        var (email, password) = (request.Body.Email!, request.Body.Password!);
        var id = Uuid.New();
        var hash = await passwords.HashAsync(password, cancellationToken);
        if (!await accounts.RegisterAsync(id, email, hash, request.Body.DisplayName, cancellationToken))
        {
            return IdentityErrors.EmailTaken;
        }

        // Row-level security shows the account to nobody else.
        user.Set(id, isAdmin: false, sessionId: null);
        return (await database.QuerySingleOrDefaultAsync<UserDto>(GetMeHandler.Sql, new { id }, cancellationToken))!;
    }
}

internal static class RegisterEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/register",
                async (RegisterInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Register(body), ct)).ToCreated(_ => "/api/v1/me")
            )
            .WithName(nameof(Register))
            .WithSummary("Make an account")
            .Produces<UserDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
