namespace CryptoBeacon.Alerts.Domain;

/// <summary>What an alert asks of the price.</summary>
internal enum AlertCondition
{
    /// <summary>Level: true while the price is at or past the target.</summary>
    Above,
    Below,

    /// <summary>Edge: true when the price passes the target; needs an earlier price on the other side.</summary>
    CrossesAbove,
    CrossesBelow,

    /// <summary>Movement against the lowest or highest price within a window.</summary>
    PercentUp,
    PercentDown,
}

internal static class AlertConditions
{
    /// <summary>Whether the target is a percentage of what the price moves from.</summary>
    public static bool IsMovement(this AlertCondition condition) =>
        condition is AlertCondition.PercentUp or AlertCondition.PercentDown;

    /// <summary>Whether it needs an earlier price on the other side.</summary>
    public static bool IsEdge(this AlertCondition condition) =>
        condition is AlertCondition.CrossesAbove or AlertCondition.CrossesBelow;
}

internal enum AlertRepeat
{
    /// <summary>The first firing ends the alert.</summary>
    Once,

    /// <summary>Fires on each change from not true to true.</summary>
    EveryCrossing,
}

internal enum NotificationChannel
{
    App,
    Email,
    Push,
    Sms,
    Webhook,
}

/// <summary>Why an alert has paused itself.</summary>
internal enum PausedReason
{
    /// <summary>Fifteen firings within three minutes.</summary>
    TooManyFirings,
}
