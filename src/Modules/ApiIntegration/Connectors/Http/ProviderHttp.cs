using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace CryptoBeacon.ApiIntegration.Connectors.Http;

/// <summary>
/// The one HTTP client of all connectors: addresses checked as they are connected to, no redirects, attempts that end in time, a few retries with jitter
/// that wait as long as they are told, and a circuit breaker for each host. All calls read, so that each may be repeated.
/// </summary>
internal static class ProviderHttp
{
    public const string ClientName = "providers";

    /// <summary>Who is told to wait longer is not waited for here: the budget remembers it for everybody.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddProviderHttp(this IServiceCollection services)
    {
        services.TryAddSingleton(new ProviderPatience(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(40)));
        services
            .AddSingleton<CallBudget>()
            .AddSingleton<UsageLog>()
            .AddHostedService(provider => provider.GetRequiredService<UsageLog>())
            .AddTransient<MeteredHandler>()
            // What Polly would say of each attempt stands in api_usage.
            .AddLogging(logs => logs.AddFilter("Polly", LogLevel.None))
            .AddHttpClient(
                ClientName,
                client =>
                {
                    client.Timeout = Timeout.InfiniteTimeSpan;
                    client.DefaultRequestHeaders.UserAgent.ParseAdd("CryptoBeacon/1.0");
                    client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
                }
            )
            .ConfigurePrimaryHttpMessageHandler(provider =>
            {
                var handler = OutwardHttp.NewHandler(provider.GetRequiredService<NetworkTargets>());
                handler.AutomaticDecompression = DecompressionMethods.All;
                return handler;
            })
            // The handler itself renews its connections.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // Every call is recorded; addresses with signatures need no second place.
            .RemoveAllLoggers()
            .AddResilienceHandler(
                ClientName,
                (pipeline, context) =>
                    Configure(pipeline, context.ServiceProvider.GetRequiredService<ProviderPatience>())
            )
            .SelectPipelineByAuthority();
        services.AddHttpClient(ClientName).AddHttpMessageHandler<MeteredHandler>();
        return services;
    }

    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, ProviderPatience patience) =>
        pipeline
            .AddTimeout(patience.AllAttempts)
            .AddRetry(
                new HttpRetryStrategyOptions
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.FromMilliseconds(300),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldRetryAfterHeader = true,
                    ShouldHandle = attempt => ValueTask.FromResult(IsWorthRepeating(attempt.Outcome)),
                }
            )
            .AddCircuitBreaker(
                new HttpCircuitBreakerStrategyOptions
                {
                    FailureRatio = 0.9,
                    MinimumThroughput = 6,
                    SamplingDuration = TimeSpan.FromMinutes(2),
                    BreakDuration = TimeSpan.FromSeconds(30),
                    ShouldHandle = attempt => ValueTask.FromResult(IsFailure(attempt.Outcome)),
                }
            )
            .AddTimeout(patience.OneAttempt);

    private static bool IsFailure(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } response
            ? response.StatusCode is HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError
            : NetworkFault.IsPassing(outcome.Exception);

    private static bool IsWorthRepeating(Outcome<HttpResponseMessage> outcome)
    {
        var wait = outcome.Result?.Headers.RetryAfter?.Delta;
        return outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests
            ? wait <= LongestWait
            : IsFailure(outcome) && (wait is null || wait <= LongestWait);
    }
}

/// <summary>How long is waited for an answer, the wait for the budget included, and for all attempts together.</summary>
internal sealed record ProviderPatience(TimeSpan OneAttempt, TimeSpan AllAttempts);
