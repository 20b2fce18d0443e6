using System.Diagnostics.Metrics;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Behaviors;

namespace CryptoBeacon.Alerts.Jobs;

/// <summary>What evaluation does, measured once it has committed.</summary>
internal static class AlertMetrics
{
    private static readonly Counter<long> Prices = Telemetry.Meter.CreateCounter<long>(
        "crypto_beacon.alerts.prices",
        description: "Prices that were put to the alerts"
    );

    private static readonly Counter<long> Firings = Telemetry.Meter.CreateCounter<long>(
        "crypto_beacon.alerts.firings",
        description: "Times that alerts fired"
    );

    private static readonly Histogram<double> Duration = Telemetry.Durations(
        "crypto_beacon.alerts.evaluation.duration",
        "How long it took to put one batch of prices to the alerts, commit included"
    );

    public static void Record(EvaluatedBatch batch, TimeSpan duration)
    {
        Prices.Add(batch.Prices);
        Firings.Add(batch.Firings);
        Duration.Record(duration.TotalSeconds);
    }
}
