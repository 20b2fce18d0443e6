using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.ApiIntegration.Jobs;

internal sealed class BackfillCandlesJob(IMediator mediator, Polling polling) : IJob
{
    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        polling.IsOn ? mediator.Send(new BackfillCandles(), cancellationToken) : Task.CompletedTask;
}
