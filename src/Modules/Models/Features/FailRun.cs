using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Ends a run that can't be done, with the reason.</summary>
internal sealed record FailRun(Guid Id, Guid Runner, Error Refusal) : ICommand;

internal sealed class FailRunHandler(Runs runs) : IRequestHandler<FailRun, Result>
{
    public async Task<Result> Handle(FailRun request, CancellationToken cancellationToken)
    {
        await runs.FailAsync(request.Id, request.Runner, request.Refusal, cancellationToken);
        return Result.Success;
    }
}
