using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Models.Jobs;

/// <summary>Runs a back-test that waits, as the user whose it is.</summary>
internal sealed class RunBacktestJob(RunHost host) : IJob
{
    public const string Name = "models.backtest";

    /// <param name="argument">The back-test's id.</param>
    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        host.RunAsync(Guid.Parse(argument!), WorkAsync, cancellationToken);

    private static async Task<Result> WorkAsync(RunInHand run)
    {
        Result<Domain.BacktestResult> result;
        await using (var scope = run.Scope())
        {
            result = await scope.ServiceProvider.GetRequiredService<BacktestRunner>().RunAsync(run);
        }

        return result.IsSuccess
            ? await run.SendAsync(new FinishBacktest(run.Id, run.Runner, result.Value), run.Unwanted)
            : result.Error;
    }
}
