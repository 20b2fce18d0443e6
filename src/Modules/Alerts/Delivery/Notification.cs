using System.Globalization;

namespace CryptoBeacon.Alerts.Delivery;

/// <summary>A firing that is to be told by one channel.</summary>
internal sealed record Notification
{
    /// <summary>The firing's, and so the same whenever it is sent.</summary>
    public required Guid HistoryId { get; init; }

    public required Guid UserId { get; init; }

    public required Guid AlertId { get; init; }

    public required int Retries { get; init; }

    public required string CoinId { get; init; }

    public required string Condition { get; init; }

    /// <summary>The target.</summary>
    public required decimal Price { get; init; }

    public required string Currency { get; init; }

    public required decimal PriceAtTrigger { get; init; }

    public required DateTimeOffset PriceAsOf { get; init; }

    public required string Provider { get; init; }

    public required DateTimeOffset TriggeredAt { get; init; }

    public string? Notes { get; init; }

    public string Title => $"{CoinId}: {Plain(PriceAtTrigger)} {Currency}";

    /// <summary>One line, of nothing that could break one.</summary>
    public string Text =>
        $"{CoinId} is at {Plain(PriceAtTrigger)} {Currency} ({Condition.Replace('_', ' ')} {Plain(Price)}), "
        + $"by {Provider} at {PriceAsOf.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}.";

    private static string Plain(decimal value) =>
        value.ToString("0.############################", CultureInfo.InvariantCulture);
}
