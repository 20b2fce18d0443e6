using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.ApiIntegration.Jobs;

internal sealed class FoldHoursJob(IMediator mediator) : IJob
{
    public const string Name = "api_integration.fold_hours";

    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        while ((await mediator.Send(new FoldHours(), cancellationToken)).Value)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
