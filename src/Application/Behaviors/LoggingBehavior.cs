using System.Diagnostics;
using CryptoBeacon.Domain;
using MediatR;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Application.Behaviors;

/// <summary>One span and one log line a use case: its name, its outcome and how long it took. Never its payload, which may hold secrets.</summary>
public sealed partial class LoggingBehavior<TRequest, TResponse>(
    ILogger<LoggingBehavior<TRequest, TResponse>> logger,
    TimeProvider clock
) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IOutcome<TResponse>
{
    public async Task<TResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResponse> next
    )
    {
        using var activity = Telemetry.Source.StartActivity(typeof(TRequest).Name);
        var start = clock.GetTimestamp();

        var response = await next();

        var outcome = response.Error?.Code ?? "ok";
        activity?.SetTag("outcome", outcome);
        LogOutcome(typeof(TRequest).Name, outcome, clock.GetElapsedTime(start).TotalMilliseconds);
        return response;
    }

    [LoggerMessage(LogLevel.Debug, "{UseCase}: {Outcome} in {Milliseconds:0.0} ms")]
    private partial void LogOutcome(string useCase, string outcome, double milliseconds);
}

/// <summary>The names under which the application's own spans and measurements are found.</summary>
public static class Telemetry
{
    public const string Name = "CryptoBeacon";

    public static readonly ActivitySource Source = new(Name);

    public static readonly System.Diagnostics.Metrics.Meter Meter = new(Name);
}
