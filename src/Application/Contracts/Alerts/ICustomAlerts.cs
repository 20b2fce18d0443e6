using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Contracts.Alerts;

/// <summary>Alerts that live and end with something else of the same user, such as a watchlist's item.</summary>
public interface ICustomAlerts
{
    /// <summary>
    /// Makes the alerts of an origin be exactly these: new ones are armed, changed ones changed, the rest ended. An alert that is wanted as it is
    /// stays what it is, fired or not. Refused with the fields <c>customAlerts[i].…</c>.
    /// </summary>
    Task<Result> ReplaceAsync(
        Guid originId,
        string coinId,
        IReadOnlyList<CustomAlert> wanted,
        CancellationToken cancellationToken
    );
}

/// <param name="Condition">As in <c>POST /alerts</c>, such as <c>above</c>.</param>
/// <param name="NotificationChannels">Null: the default.</param>
public sealed record CustomAlert(string? Condition, decimal? Price, IReadOnlyList<string>? NotificationChannels);
