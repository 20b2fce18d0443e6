using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Trading.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Trading.Jobs;

/// <summary>Runs an import that waits, as the user whose it is.</summary>
internal sealed class ImportTradesJob(IWorkerScopes scopes, IReadDatabase database, TimeProvider clock) : IJob
{
    public const string Name = "trading.import";

    private static readonly TimeSpan BetweenTellings = TimeSpan.FromSeconds(1);

    /// <param name="argument">The import's id.</param>
    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(argument!);
        var owner = await database.QuerySingleOrDefaultAsync<Guid?>(
            "select user_id from trading.trade_imports where id = @id and status in ('queued', 'running')",
            new { id },
            cancellationToken
        );
        if (owner is not { } userId)
        {
            return;
        }

        var progress = new Progress();
        await SendAsync(userId, new TellImportProgress(id, 0), cancellationToken);
        var running = SendAsync(userId, new RunImport(id, progress), cancellationToken);
        while (await Task.WhenAny(running, Task.Delay(BetweenTellings, clock, cancellationToken)) != running)
        {
            await SendAsync(userId, new TellImportProgress(id, progress.Value), cancellationToken);
        }

        if ((await running).Error is { } refusal)
        {
            await SendAsync(userId, new FailImport(id, refusal), cancellationToken);
        }
    }

    private async Task<Result> SendAsync(Guid userId, ICommand command, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateFor(userId);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken);
    }

    /// <summary>The last word of who reads, for who tells.</summary>
    private sealed class Progress : IProgress<double>
    {
        private double _value;

        public double Value => Volatile.Read(ref _value);

        public void Report(double value) => Volatile.Write(ref _value, value);
    }
}
