using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record LoginInput
{
    public string? Email { get; init; }

    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? Password { get; init; }
}

/// <summary>What a right password is answered with: the tokens, or the token that a code is to come with.</summary>
internal sealed record LoginOutcome(TokensDto? Tokens, string? MfaToken);

/// <summary>The password is right, and a code is to follow at <c>POST /auth/mfa</c>.</summary>
internal sealed record MfaChallengeDto(bool MfaRequired, string MfaToken);

/// <summary>Opens a session, or the way to it where a second factor is on.</summary>
internal sealed record Login(LoginInput Body, Device Device) : IStepwiseCommand<LoginOutcome>, IHasBody<LoginInput>;

internal sealed class LoginValidator : AbstractValidator<Login>
{
    public LoginValidator()
    {
        RuleFor(c => c.Body.Email).Required();
        RuleFor(c => c.Body.Password).Required();
    }
}

internal sealed class LoginHandler(
    PasswordAttempts attempts,
    PasswordHasher passwords,
    SecondFactor secondFactor,
    SessionOpening sessions
) : IRequestHandler<Login, Result<LoginOutcome>>
{
    public async Task<Result<LoginOutcome>> Handle(Login request, CancellationToken cancellationToken)
    {
        var password = request.Body.Password!;
        var check = await attempts.CheckAsync(request.Body.Email!, password, request.Device, cancellationToken);
        if (!check.IsSuccess)
        {
            return check.Error;
        }

        var account = check.Value;
        var strongerHash = PasswordHasher.IsOutdated(account.PasswordHash)
            ? await passwords.HashAsync(password, cancellationToken)
            : null;
        if (await secondFactor.ChallengeAsync(account, strongerHash, cancellationToken) is { } mfaToken)
        {
            return new LoginOutcome(null, mfaToken);
        }

        return await sessions.OpenAsync(account, strongerHash, request.Device, cancellationToken) is { } tokens
            ? new LoginOutcome(tokens, null)
            : IdentityErrors.InvalidCredentials;
    }
}

internal static class LoginEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/login",
                async (LoginInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Login(body, device), ct)).To<LoginOutcome>(outcome =>
                        outcome.MfaToken is { } mfaToken
                            ? TypedResults.Ok(new MfaChallengeDto(true, mfaToken))
                            : TypedResults.Ok(outcome.Tokens)
                    )
            )
            .WithName(nameof(Login))
            .WithSummary("Sign in")
            .WithDescription(
                "Where a second factor is on, the answer is `mfaRequired: true` and an `mfaToken` for `POST /auth/mfa` instead."
            )
            .Produces<TokensDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
