using System.Text.Json.Serialization;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Messaging;
using CryptoBeacon.Application.Validation;
using CryptoBeacon.Domain;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CryptoBeacon.Identity.Features;

internal sealed record LoginInput
{
    public string? Email { get; init; }

    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? Password { get; init; }
}

/// <summary>Opens a session.</summary>
internal sealed record Login(LoginInput Body, Device Device) : IStepwiseCommand<TokensDto>, IHasBody<LoginInput>;

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
    Accounts accounts,
    AccessTokens accessTokens,
    RefreshTokens refreshTokens
) : IRequestHandler<Login, Result<TokensDto>>
{
    public async Task<Result<TokensDto>> Handle(Login request, CancellationToken cancellationToken)
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
        var token = refreshTokens.Make(Uuid.New(), generation: 1);
        return await accounts.OpenSessionAsync(
            account,
            strongerHash,
            token,
            request.Device,
            RefreshTokens.Lifetime,
            cancellationToken
        )
            ? TokensDto.Of(accessTokens, account.Id, account.Role, token)
            : IdentityErrors.InvalidCredentials;
    }
}

internal static class LoginEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/login",
                async (LoginInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Login(body, device), ct)).ToOk()
            )
            .WithName(nameof(Login))
            .WithSummary("Sign in")
            .Produces<TokensDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
