using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Takes in a key of an exchange, once the exchange has been asked what it may do. Only the storing is a transaction.</summary>
internal sealed record AddApiKey(ApiKeyInput Body) : IStepwiseCommand<ApiKeyDto>, IHasBody<ApiKeyInput>;

internal sealed class AddApiKeyValidator : AbstractValidator<AddApiKey>
{
    public AddApiKeyValidator(IValidator<ApiKeyInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class AddApiKeyHandler(KeyInspector inspector, IMediator mediator)
    : IRequestHandler<AddApiKey, Result<ApiKeyDto>>
{
    public async Task<Result<ApiKeyDto>> Handle(AddApiKey request, CancellationToken cancellationToken)
    {
        var inspection = await inspector.InspectAsync(request.Body, cancellationToken);
        return inspection.IsSuccess
            ? await mediator.Send(new StoreApiKey(request.Body, inspection.Value.Verdict), cancellationToken)
            : inspection.Error;
    }
}

internal static class AddApiKeyEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapPost(
                "/",
                async (ApiKeyInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new AddApiKey(body.WithDefaults()), ct)).ToCreated(key =>
                        $"/api/v1/api-keys/{key.Id}"
                    )
            )
            .RequireScope(Scopes.KeysWrite)
            .HonoursIdempotencyKey()
            .Produces<ApiKeyDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(AddApiKey))
            .WithSummary("Take in a key of an exchange")
            .WithDescription(
                "Key and secret are stored sealed and never shown again. The exchange is asked what the key may: one that may withdraw is refused (400 `withdraw_permission`), one "
                    + "that it does not know too. Where it can't be reached, the key is kept with `permissionsChecked:false` and asked about before it is used; where too much "
                    + "was asked of it, 429 tells when to try again. Coinbase gives a passphrase beside the secret: `apiSecret` is then "
                    + "`secret:passphrase`. With `syncPortfolioId` the account's new fills are taken into that portfolio every night."
            );
}
