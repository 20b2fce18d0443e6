using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Changes a key, or puts another in its place, which the exchange is then asked about as about a new one. Only the storing is a transaction.
/// </summary>
internal sealed record ReviseApiKey(Guid Id, MergePatch Patch, IfMatch IfMatch) : IStepwiseCommand<ApiKeyDto>;

internal sealed class ReviseApiKeyHandler(
    IReadDatabase database,
    IValidator<ApiKeyInput> validator,
    KeySeal seal,
    KeyInspector inspector,
    ICurrentUser user,
    IMediator mediator
) : IRequestHandler<ReviseApiKey, Result<ApiKeyDto>>
{
    private static readonly string[] WhatIsAskedAbout = ["apiKey", "apiSecret"];

    public async Task<Result<ApiKeyDto>> Handle(ReviseApiKey request, CancellationToken cancellationToken)
    {
        var stored = await database.QuerySingleOrDefaultAsync<StoredKey>(
            StoredKey.Sql,
            new { userId = user.Id, request.Id },
            cancellationToken
        );
        if (stored is null)
        {
            return ApiErrors.NoKey;
        }

        if (!request.IfMatch.Matches(stored.Version))
        {
            return Error.PreconditionFailed;
        }

        var revised = request.Patch.ApplyTo(stored.ToInput(seal), validator);
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        Inspection? inspection = null;
        if (WhatIsAskedAbout.Any(request.Patch.Touches) || (revised.Value.IsActive is true && !stored.IsActive))
        {
            var asked = await inspector.InspectAsync(revised.Value, cancellationToken);
            if (!asked.IsSuccess)
            {
                return asked.Error;
            }

            inspection = asked.Value;
        }

        return await mediator.Send(
            new StoreRevisedApiKey(request.Id, request.Patch, request.IfMatch, inspection),
            cancellationToken
        );
    }
}

internal static class ReviseApiKeyEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<ApiKeyInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseApiKey(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .RequireScope(Scopes.KeysWrite)
            .Produces<ApiKeyDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .WithName(nameof(ReviseApiKey))
            .WithSummary("Change a key of an exchange, put another in its place, or take it out of use")
            .WithDescription(
                "`apiKey` and `apiSecret` replace what is stored: the exchange is asked again. `isActive:false` ends the syncs that run; `syncPortfolioId` says into which portfolio the account's "
                    + "new fills are taken every night, `null` that they are not. A key stays its provider's: for another one add another key."
            );
}
