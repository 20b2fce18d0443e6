using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Says that a run's runner is alive and how far it is. Answers whether the run is still wanted of it.</summary>
internal sealed record TellRunProgress(Guid Id, Guid Runner, double Progress) : ICommand<bool>;

internal sealed class TellRunProgressHandler(Runs runs) : IRequestHandler<TellRunProgress, Result<bool>>
{
    public async Task<Result<bool>> Handle(TellRunProgress request, CancellationToken cancellationToken) =>
        await runs.BeatAsync(request.Id, request.Runner, request.Progress, cancellationToken);
}
