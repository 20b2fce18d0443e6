using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Keeps what a back-test has found, and shows its measures with the model. Nothing happens where it is not wanted any more.</summary>
internal sealed record FinishBacktest(Guid Id, Guid Runner, BacktestResult Result) : ICommand;

internal sealed class FinishBacktestHandler(ResultWriter results, Performance performance, TrainedModels trained)
    : IRequestHandler<FinishBacktest, Result>
{
    public async Task<Result> Handle(FinishBacktest request, CancellationToken cancellationToken)
    {
        await performance.LockAsync(request.Id, cancellationToken);
        if (await results.WriteAsync(request.Id, request.Runner, request.Result, cancellationToken) is not { } modelId)
        {
            return Result.Success;
        }

        await performance.RefreshAsync(modelId, cancellationToken);
        foreach (var model in request.Result.Trained)
        {
            await trained.KeepAsync(request.Id, model, cancellationToken);
        }

        return Result.Success;
    }
}
