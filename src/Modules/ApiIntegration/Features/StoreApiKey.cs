using AutoMapper;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Stores a key that has been looked at.</summary>
internal sealed record StoreApiKey(ApiKeyInput Body, KeyVerdict Verdict) : ICommand<ApiKeyDto>, IHasBody<ApiKeyInput>;

internal sealed class StoreApiKeyValidator : AbstractValidator<StoreApiKey>
{
    public StoreApiKeyValidator(IValidator<ApiKeyInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class StoreApiKeyHandler(
    IRepository<ApiKey> keys,
    SyncTargets targets,
    KeySeal seal,
    ICurrentUser user,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<StoreApiKey, Result<ApiKeyDto>>
{
    public async Task<Result<ApiKeyDto>> Handle(StoreApiKey request, CancellationToken cancellationToken)
    {
        if (await targets.ComplaintAsync(request.Body, cancellationToken) is { } complaint)
        {
            return complaint;
        }

        var key = ApiKey.Add(user.Id, request.Body, request.Verdict, seal, clock.UtcNow());

        await keys.AddAsync(key, cancellationToken);

        return mapper.Map<ApiKeyDto>(key);
    }
}
