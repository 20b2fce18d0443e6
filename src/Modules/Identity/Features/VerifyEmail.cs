using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record VerifyEmailInput
{
    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? Token { get; init; }
}

/// <summary>Takes a mailed token back: the address it was mailed to is its account's, or becomes so.</summary>
internal sealed record VerifyEmail(VerifyEmailInput Body) : IStepwiseCommand, IHasBody<VerifyEmailInput>;

internal sealed class VerifyEmailValidator : AbstractValidator<VerifyEmail>
{
    public VerifyEmailValidator() => RuleFor(c => c.Body.Token).Required();
}

internal sealed class VerifyEmailHandler(Accounts accounts, MailedTokens tokens) : IRequestHandler<VerifyEmail, Result>
{
    public async Task<Result> Handle(VerifyEmail request, CancellationToken cancellationToken) =>
        tokens.Read(request.Body.Token!) is not { } token
            ? IdentityErrors.InvalidMailedToken
            : await accounts.ConfirmEmailAsync(token, cancellationToken) switch
            {
                "confirmed" => Result.Success,
                "taken" => IdentityErrors.EmailTaken,
                _ => IdentityErrors.InvalidMailedToken,
            };
}

internal static class VerifyEmailEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/email/verify",
                async (VerifyEmailInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new VerifyEmail(body), ct)).ToNoContent()
            )
            .WithName(nameof(VerifyEmail))
            .WithSummary("Confirm an e-mail address by the token that was mailed to it")
            .WithDescription(
                "A token is good once and for three days; one that is not is a 400 with the code `invalid_token`. A new address that has become "
                    + "another account's meanwhile is a 409."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
