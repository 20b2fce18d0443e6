using System.Diagnostics;
using System.Diagnostics.Metrics;
using CryptoBeacon.Application.Behaviors;
using Hangfire.Common;
using Hangfire.Server;

namespace CryptoBeacon.Infrastructure.Jobs;

/// <summary>
/// One span and one measurement a run of a job. The span continues the trace of the request that asked for the work first; where others
/// asked for the same, it links theirs. The traces travel beside the job, so that stored jobs of older versions run as they are.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class JobTraceAttribute : JobFilterAttribute, IServerFilter
{
    private const string Traces = "traces";
    private const int MostTraces = 32;

    private static readonly Histogram<double> Duration = Telemetry.Durations(
        "crypto_beacon.job.duration",
        "How long jobs ran, by name and outcome"
    );

    /// <param name="traceParents">Of the requests, in their order; null: nobody listened when it was made.</param>
    public static Dictionary<string, object> Carry(IEnumerable<string?> traceParents) =>
        new() { [Traces] = traceParents.OfType<string>().Distinct().Take(MostTraces).ToArray() };

    public void OnPerforming(PerformingContext context)
    {
        var contexts = (context.GetJobParameter<string[]>(Traces) ?? []).SelectMany(Parse).ToArray();
        context.Items[nameof(Run)] = new Run(
            Telemetry.Source.StartActivity(
                ActivityKind.Consumer,
                contexts.FirstOrDefault(),
                [new("job.id", context.BackgroundJob.Id)],
                contexts.Skip(1).Select(other => new ActivityLink(other)),
                name: NameOf(context.BackgroundJob.Job)
            ),
            Stopwatch.GetTimestamp()
        );
    }

    public void OnPerformed(PerformedContext context)
    {
        var run = (Run)context.Items[nameof(Run)];
        // Its type alone: a message may hold what somebody typed.
        var fault = (context.Exception?.InnerException ?? context.Exception)?.GetType().Name;
        var outcome = context.Exception switch
        {
            null => "ok",
            JobAbortedException or OperationCanceledException => "interrupted",
            _ => "failed",
        };
        run.Span?.SetTag("outcome", outcome);
        if (outcome == "failed")
        {
            run.Span?.SetStatus(ActivityStatusCode.Error, fault);
        }

        run.Span?.Dispose();
        Duration.Record(
            Stopwatch.GetElapsedTime(run.Start).TotalSeconds,
            new("job", NameOf(context.BackgroundJob.Job)),
            new("outcome", outcome)
        );
    }

    private static string NameOf(Job job) => (string)job.Args[0];

    private static IEnumerable<ActivityContext> Parse(string traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? [context] : [];

    private sealed record Run(Activity? Span, long Start);
}
