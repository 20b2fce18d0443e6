using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record AnswerMfaInput
{
    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? MfaToken { get; init; }

    public string? Code { get; init; }
}

/// <summary>The second half of a sign-in: opens the session that the password alone did not.</summary>
internal sealed record AnswerMfa(AnswerMfaInput Body, Device Device)
    : IStepwiseCommand<TokensDto>,
        IHasBody<AnswerMfaInput>;

internal sealed class AnswerMfaValidator : AbstractValidator<AnswerMfa>
{
    public AnswerMfaValidator()
    {
        RuleFor(c => c.Body.MfaToken).Required();
        RuleFor(c => c.Body.Code).Required();
    }
}

internal sealed class AnswerMfaHandler(SecondFactor secondFactor, SessionOpening sessions)
    : IRequestHandler<AnswerMfa, Result<TokensDto>>
{
    public async Task<Result<TokensDto>> Handle(AnswerMfa request, CancellationToken cancellationToken)
    {
        var account = await secondFactor.AnswerAsync(request.Body.MfaToken!, request.Body.Code!, cancellationToken);
        return account.IsSuccess
            ? await sessions.OpenAsync(account.Value, strongerHash: null, request.Device, cancellationToken)
                ?? (Result<TokensDto>)IdentityErrors.InvalidMfaToken
            : account.Error;
    }
}

internal static class AnswerMfaEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/mfa",
                async (AnswerMfaInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new AnswerMfa(body, device), ct)).ToOk()
            )
            .WithName(nameof(AnswerMfa))
            .WithSummary("Finish signing in with a code of the authenticator app or a recovery code")
            .Produces<TokensDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
