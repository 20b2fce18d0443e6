using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Puts a run back, since this server stops.</summary>
internal sealed record ReleaseRun(Guid Id, Guid Runner) : ICommand;

internal sealed class ReleaseRunHandler(Runs runs) : IRequestHandler<ReleaseRun, Result>
{
    public async Task<Result> Handle(ReleaseRun request, CancellationToken cancellationToken)
    {
        await runs.ReleaseAsync(request.Id, request.Runner, cancellationToken);
        return Result.Success;
    }
}
