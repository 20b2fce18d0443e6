using System.Diagnostics;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.Alerts.Jobs;

/// <summary>Evaluates batch after batch, each in a transaction of its own, until none is left.</summary>
internal sealed class EvaluateAlertsJob(IMediator mediator) : IJob
{
    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while ((await mediator.Send(new EvaluateNextBatch(), cancellationToken)).Value is { } evaluated)
        {
            AlertMetrics.Record(evaluated, Stopwatch.GetElapsedTime(start));
            start = Stopwatch.GetTimestamp();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
