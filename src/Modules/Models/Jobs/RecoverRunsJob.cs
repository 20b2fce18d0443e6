using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Features;

namespace CryptoBeacon.Models.Jobs;

/// <summary>Once a minute: nothing stays running whose server has died.</summary>
internal sealed class RecoverRunsJob(IMediator mediator) : IJob
{
    public const string Name = "models.recover";

    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        mediator.Send(new RecoverRuns(), cancellationToken);
}
