using System.Diagnostics;
using System.Diagnostics.Metrics;
using CryptoBeacon.Domain;
using MediatR;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Application.Behaviors;

/// <summary>One span, one measurement and one log line a use case: its name, its outcome and how long it took. Never its payload, which may hold secrets.</summary>
public sealed partial class LoggingBehavior<TRequest, TResponse>(
    ILogger<LoggingBehavior<TRequest, TResponse>> logger,
    TimeProvider clock
) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IOutcome<TResponse>
{
    private static readonly string UseCase = typeof(TRequest).Name;

    public async Task<TResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResponse> next
    )
    {
        using var activity = Telemetry.Source.StartActivity(UseCase);
        var start = clock.GetTimestamp();
        var outcome = "fault";
        try
        {
            var response = await next();
            outcome = response.Error?.Code ?? "ok";
            return response;
        }
        finally
        {
            var elapsed = clock.GetElapsedTime(start);
            activity?.SetTag("outcome", outcome);
            Telemetry.UseCaseDuration.Record(elapsed.TotalSeconds, new("use_case", UseCase), new("outcome", outcome));
            LogOutcome(UseCase, outcome, elapsed.TotalMilliseconds);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{UseCase}: {Outcome} in {Milliseconds:0.0} ms")]
    private partial void LogOutcome(string useCase, string outcome, double milliseconds);
}

/// <summary>The names under which the application's own spans and measurements are found.</summary>
public static class Telemetry
{
    public const string Name = "CryptoBeacon";

    public static readonly ActivitySource Source = new(Name);

    public static readonly Meter Meter = new(Name);

    public static readonly Histogram<double> UseCaseDuration = Durations(
        "crypto_beacon.use_case.duration",
        "How long use cases took, by name and outcome"
    );

    /// <summary>In seconds, in the steps of ASP.NET Core's own.</summary>
    public static Histogram<double> Durations(string name, string description) =>
        Meter.CreateHistogram(
            name,
            "s",
            description,
            tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
            }
        );
}
