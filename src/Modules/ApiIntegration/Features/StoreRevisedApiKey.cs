using AutoMapper;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <param name="Inspection">What the exchange said of key and secret; null: it was not asked.</param>
internal sealed record StoreRevisedApiKey(Guid Id, MergePatch Patch, IfMatch IfMatch, Inspection? Inspection)
    : ICommand<ApiKeyDto>;

internal sealed class StoreRevisedApiKeyHandler(
    IRepository<ApiKey> keys,
    IValidator<ApiKeyInput> validator,
    SyncTargets targets,
    SyncRuns runs,
    KeySeal seal,
    ICurrentUser user,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<StoreRevisedApiKey, Result<ApiKeyDto>>
{
    public async Task<Result<ApiKeyDto>> Handle(StoreRevisedApiKey request, CancellationToken cancellationToken)
    {
        var key = await keys.FirstOrDefaultAsync(new ApiKeySpecs.ById(user.Id, request.Id), cancellationToken);
        if (key is null)
        {
            return ApiErrors.NoKey;
        }

        if (!request.IfMatch.Matches(key.Version))
        {
            return Error.PreconditionFailed;
        }

        var present = ApiKeyInput.Of(key, seal);
        var revised = request.Patch.ApplyTo(present, validator);
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        var input = revised.Value;
        if (input.ProviderId != key.ProviderId)
        {
            return Error.Invalid("providerId", "can't be changed; add a key of the other provider instead");
        }

        if (await targets.ComplaintAsync(input, cancellationToken) is { } complaint)
        {
            return complaint;
        }

        key.Revise(input, clock.UtcNow());
        var credentials = new Credentials(input.ApiKey!, input.ApiSecret);
        // What somebody has put in its place meanwhile is not what the exchange was asked about.
        var verdict = request.Inspection is { } inspection && inspection.Of == credentials ? inspection.Verdict : null;
        if (credentials != new Credentials(present.ApiKey!, present.ApiSecret))
        {
            key.Replace(input, seal);
            verdict ??= KeyVerdict.Unchecked;
        }

        if (verdict is not null)
        {
            key.Accept(verdict, request.Patch.Touches("permissions"));
        }

        await keys.UpdateAsync(key, cancellationToken);
        if (!key.IsActive)
        {
            await runs.CancelAllOfAsync(key.Id, ApiErrors.Inactive, cancellationToken);
        }

        return mapper.Map<ApiKeyDto>(key);
    }
}
