using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Models.Jobs;

/// <summary>Runs a sweep that waits, as the user whose it is.</summary>
internal sealed class RunSweepJob(RunHost host) : IJob
{
    public const string Name = "models.sweep";

    /// <param name="argument">The sweep's id.</param>
    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        host.RunAsync(Guid.Parse(argument!), WorkAsync, cancellationToken);

    private static async Task<Result> WorkAsync(RunInHand run)
    {
        Result<FinishSweep> finished;
        await using (var scope = run.Scope())
        {
            finished = await scope.ServiceProvider.GetRequiredService<SweepRunner>().RunAsync(run);
        }

        return finished.IsSuccess ? await run.SendAsync(finished.Value, run.Unwanted) : finished.Error;
    }
}
