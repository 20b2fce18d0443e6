using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Takes a run in hand.</summary>
/// <param name="Runner">This attempt.</param>
internal sealed record ClaimRun(Guid Id, Guid Runner) : ICommand<RunClaim>;

internal sealed class ClaimRunHandler(Runs runs) : IRequestHandler<ClaimRun, Result<RunClaim>>
{
    public async Task<Result<RunClaim>> Handle(ClaimRun request, CancellationToken cancellationToken) =>
        await runs.ClaimAsync(request.Id, request.Runner, cancellationToken);
}
