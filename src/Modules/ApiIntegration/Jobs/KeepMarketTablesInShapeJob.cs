using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.ApiIntegration.Jobs;

internal sealed class KeepMarketTablesInShapeJob(IMediator mediator) : IJob
{
    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        mediator.Send(new KeepMarketTablesInShape(), cancellationToken);
}
