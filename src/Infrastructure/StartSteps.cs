using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure;

/// <summary>Tells what a start spends its time on, one step after the other.</summary>
public sealed partial class StartSteps(ILogger logger)
{
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>What has been done since the step before, or since there are steps.</summary>
    public void Done(string step)
    {
        var now = Stopwatch.GetTimestamp();
        LogStep(step, (long)Stopwatch.GetElapsedTime(_since, now).TotalMilliseconds);
        _since = now;
    }

    [LoggerMessage(LogLevel.Information, "Start: {Step} took {Milliseconds} ms")]
    private partial void LogStep(string step, long milliseconds);
}
