using CryptoBeacon.Alerts.Delivery;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.Alerts.Jobs;

/// <summary>Asked for by the trigger of <c>alerts.alert_deliveries</c>, which knows this name.</summary>
internal sealed class DeliverFiringsJob(DeliveryRound round) : IJob
{
    public const string Name = "alerts.deliver";

    public Task RunAsync(string? argument, CancellationToken cancellationToken) => round.RunAsync(cancellationToken);
}
