using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Application.Contracts.Identity;

namespace CryptoBeacon.Alerts.Delivery;

internal enum DeliveryOutcome
{
    Sent,

    /// <summary>It may be taken later.</summary>
    Retry,

    /// <summary>It will never be taken.</summary>
    Failed,

    /// <summary>The user has not switched the channel on.</summary>
    Disabled,
}

/// <summary>What became of an attempt. Of what a receiver answers only the status is kept: it may say things about its network that are not the user's.</summary>
internal sealed record Reply(
    DeliveryOutcome Outcome,
    int? StatusCode = null,
    string? Error = null,
    TimeSpan? RetryAfter = null
)
{
    public static readonly Reply Disabled = new(DeliveryOutcome.Disabled);
}

/// <summary>Sends by one channel, within seconds.</summary>
internal interface ISender
{
    NotificationChannel Channel { get; }

    /// <param name="targets">Where the user wants to be told at this moment.</param>
    Task<Reply> SendAsync(Notification notification, NotificationTargets targets, CancellationToken cancellationToken);
}
