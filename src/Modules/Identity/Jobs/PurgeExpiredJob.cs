using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Identity.Features;

namespace CryptoBeacon.Identity.Jobs;

internal sealed class PurgeExpiredJob(IMediator mediator) : IJob
{
    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        mediator.Send(new PurgeExpired(), cancellationToken);
}
