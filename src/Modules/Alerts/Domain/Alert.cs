namespace CryptoBeacon.Alerts.Domain;

/// <summary>
/// A question a user has put to the price of a coin. What prices have answered so far (whether the condition is met, when it fired last) is
/// known to the database alone: evaluation keeps it, and a trigger forgets it when the question changes or is put again.
/// </summary>
internal sealed class Alert : Entity
{
    public const int MaxCooldownSeconds = 366 * 24 * 60 * 60;

    /// <summary>As long as single prices are kept.</summary>
    public const int MaxWindowSeconds = 30 * 24 * 60 * 60;

    /// <summary>So many firings within <see cref="StormLasts"/> pause an alert.</summary>
    public const int StormFirings = 15;

    public static readonly TimeSpan StormLasts = TimeSpan.FromMinutes(3);

    private Alert() { }

    public Guid UserId { get; private init; }

    /// <summary>What the alert lives and ends with, such as a watchlist's item.</summary>
    public Guid? OriginId { get; private set; }

    public string CoinId { get; private set; } = "";

    public AlertCondition Condition { get; private set; }

    /// <summary>The target.</summary>
    public decimal Price { get; private set; }

    public string Currency { get; private set; } = "";

    public DateTimeOffset? ExpiresAt { get; private set; }

    public List<string> NotificationChannels { get; private set; } = [];

    public string? Notes { get; private set; }

    public AlertRepeat Repeat { get; private set; }

    public int CooldownSeconds { get; private set; }

    public decimal HysteresisPercent { get; private set; }

    public int? WindowSeconds { get; private set; }

    public bool IsActive { get; private set; }

    /// <summary>Why it has paused itself.</summary>
    public PausedReason? PausedReason { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it fired last.</summary>
    public DateTimeOffset? TriggeredAt { get; private init; }

    public DateTimeOffset? DeletedAt { get; private set; }

    public static Alert Arm(Guid userId, AlertTerms terms, DateTimeOffset now, Guid? originId = null)
    {
        var alert = new Alert
        {
            UserId = userId,
            OriginId = originId,
            CreatedAt = now,
        };
        alert.Revise(terms);
        return alert;
    }

    /// <summary>Changes what the terms name and nothing else: an alert that has fired stays fired unless they say that it is active.</summary>
    public void Revise(AlertTerms terms)
    {
        CoinId = terms.CoinId;
        Condition = terms.Condition;
        Price = terms.Price;
        Currency = terms.Currency;
        ExpiresAt = terms.ExpiresAt;
        Notes = terms.Notes;
        Repeat = terms.Repeat;
        CooldownSeconds = terms.CooldownSeconds;
        HysteresisPercent = terms.HysteresisPercent;
        WindowSeconds = terms.WindowSeconds;
        ChangeChannels(terms.NotificationChannels);
        IsActive = terms.IsActive;
        if (IsActive)
        {
            PausedReason = null;
        }
    }

    /// <summary>The same coin and condition, another target or other channels.</summary>
    public void Retarget(decimal price, IEnumerable<NotificationChannel> channels)
    {
        Price = price;
        ChangeChannels(channels);
    }

    public void Rearm()
    {
        IsActive = true;
        PausedReason = null;
    }

    /// <summary>What has fired is only hidden, since its history refers to it.</summary>
    public void Hide(DateTimeOffset now)
    {
        IsActive = false;
        OriginId = null;
        DeletedAt = now;
    }

    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;

    private void ChangeChannels(IEnumerable<NotificationChannel> channels)
    {
        var names = channels.Distinct().Order().Select(WireName.Of).ToList();
        if (!names.SequenceEqual(NotificationChannels))
        {
            NotificationChannels = names;
        }
    }
}

/// <summary>All that the owner of an alert decides.</summary>
internal sealed record AlertTerms(
    string CoinId,
    AlertCondition Condition,
    decimal Price,
    string Currency,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<NotificationChannel> NotificationChannels,
    string? Notes,
    AlertRepeat Repeat,
    int CooldownSeconds,
    decimal HysteresisPercent,
    int? WindowSeconds,
    bool IsActive
);
