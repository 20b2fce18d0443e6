using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Application.Contracts.Portfolios;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>What a key may refer to beside itself.</summary>
internal sealed class SyncTargets(IPositions positions, IReadDatabase database)
{
    /// <summary>Inside a command, so that both stay until it ends.</summary>
    public async Task<Error?> ComplaintAsync(ApiKeyInput input, CancellationToken cancellationToken)
    {
        if (
            input.SyncPortfolioId is { } portfolioId
            && await positions.FindPortfolioAsync(portfolioId, cancellationToken) is null
        )
        {
            return Error.Invalid("syncPortfolioId", "is no portfolio of yours");
        }

        var provider = await database.QuerySingleOrDefaultAsync<Guid?>(
            "select id from api_integration.api_providers where id = @ProviderId",
            new { input.ProviderId },
            cancellationToken
        );
        return provider is null ? Error.Invalid("providerId", "is no provider") : null;
    }
}
