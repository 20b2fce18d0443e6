using CryptoBeacon.Application.Behaviors;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CryptoBeacon.WebApi.Operations;

/// <summary>
/// Measurements at <c>/metrics</c> for Prometheus; with <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> they go to a collector as well, and so do traces from HTTP
/// over use cases and jobs to SQL. Without it nothing listens to the traces, and none are made.
/// </summary>
internal static class TelemetrySetup
{
    private const string CollectorKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Npgsql = "Npgsql";
    private const string HttpClients = "System.Net.Http";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService(
                    "crypto-beacon",
                    serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version?.ToString(3)
                )
            )
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(Telemetry.Name, Npgsql, HttpClients)
                    // Everybody reads this: hosts are what users call, of which there may be any number, and nobody else's business. For the same
                    // reason name resolution is not measured, which AddHttpClientInstrumentation would bring along.
                    .AddView(instrument =>
                        instrument.Meter.Name == HttpClients
                            ? new MetricStreamConfiguration
                            {
                                TagKeys = ["http.request.method", "http.response.status_code", "error.type"],
                            }
                            : null
                    )
                    .AddAspNetCoreInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter()
            );
        if (!string.IsNullOrWhiteSpace(configuration[CollectorKey]))
        {
            telemetry
                .WithTracing(traces =>
                    traces
                        .AddSource(Telemetry.Name, Npgsql)
                        .AddAspNetCoreInstrumentation()
                        .AddHttpClientInstrumentation()
                )
                .UseOtlpExporter();
        }
    }

    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapPrometheusScrapingEndpoint("/metrics")
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]))
            .AllowAnonymous();
}
