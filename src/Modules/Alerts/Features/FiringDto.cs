using System.Data.Common;
using System.Text.Json;

namespace CryptoBeacon.Alerts.Features;

/// <summary>One time that an alert's condition was met.</summary>
internal sealed record FiringDto
{
    public required Guid Id { get; init; }

    public required Guid AlertId { get; init; }

    /// <summary>When the server found it; <see cref="PriceAsOf"/> is when the price was so.</summary>
    public required DateTimeOffset TriggeredAt { get; init; }

    public required decimal PriceAtTrigger { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset PriceAsOf { get; init; }

    public required string Provider { get; init; }

    /// <summary>The stored pairs of which the price is made; null where it fired before this was kept.</summary>
    public IReadOnlyList<string>? Route { get; init; }

    /// <summary>When the oldest of them held.</summary>
    public DateTimeOffset? OldestRateAt { get; init; }

    /// <summary>By at least one channel. <c>app</c> is this history with its stream, so it has always been sent.</summary>
    public required bool NotificationSent { get; init; }

    /// <summary>Those by which it was sent.</summary>
    public required IReadOnlyList<string> NotificationChannels { get; init; }

    public required IReadOnlyList<DeliveryDto> Deliveries { get; init; }
}

/// <summary>What became of a firing's notification by one of the alert's channels.</summary>
/// <param name="Answers">What each attempt was answered, the first one first.</param>
internal sealed record DeliveryDto(
    string Channel,
    string Status,
    int Attempts,
    string? LastError,
    DateTimeOffset? SentAt,
    IReadOnlyList<DeliveryAnswerDto> Answers
);

internal sealed record DeliveryAnswerDto(DateTimeOffset At, int? StatusCode, string? Error);

/// <summary>A firing beside one of its deliveries, as both come from the database.</summary>
internal sealed record FiringRow
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        firing.id, firing.sequence, firing.alert_id, firing.triggered_at, firing.price_at_trigger, firing.currency, firing.price_as_of,
        firing.provider, firing.route, firing.oldest_rate_at, firing.notification_sent, firing.notification_channels,
        delivery.channel, delivery.status, delivery.attempts, delivery.last_error, delivery.sent_at, delivery.answers::text as answers
        """;

    public Guid Id { get; init; }

    /// <summary>Firings become visible in the order of their numbers, so whoever has seen one has seen all before it.</summary>
    public long Sequence { get; init; }

    public Guid AlertId { get; init; }

    public DateTimeOffset TriggeredAt { get; init; }

    public decimal PriceAtTrigger { get; init; }

    public string Currency { get; init; } = "";

    public DateTimeOffset PriceAsOf { get; init; }

    public string Provider { get; init; } = "";

    public string[]? Route { get; init; }

    public DateTimeOffset? OldestRateAt { get; init; }

    public bool NotificationSent { get; init; }

    public string[]? NotificationChannels { get; init; }

    public string? Channel { get; init; }

    public string? Status { get; init; }

    public int? Attempts { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>JSON.</summary>
    public string? Answers { get; init; }

    /// <summary>A row of <see cref="Columns"/>, by hand: fifty are read often, and Dapper boxes each value.</summary>
    public static FiringRow Read(DbDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            Sequence = row.GetInt64(1),
            AlertId = row.GetGuid(2),
            TriggeredAt = row.GetDateTime(3),
            PriceAtTrigger = row.GetDecimal(4),
            Currency = row.GetString(5),
            PriceAsOf = row.GetDateTime(6),
            Provider = row.GetString(7),
            Route = row.IsDBNull(8) ? null : row.GetFieldValue<string[]>(8),
            OldestRateAt = row.IsDBNull(9) ? null : row.GetDateTime(9),
            NotificationSent = row.GetBoolean(10),
            NotificationChannels = row.IsDBNull(11) ? null : row.GetFieldValue<string[]>(11),
            Channel = row.IsDBNull(12) ? null : row.GetString(12),
            Status = row.IsDBNull(13) ? null : row.GetString(13),
            Attempts = row.IsDBNull(14) ? null : row.GetInt32(14),
            LastError = row.IsDBNull(15) ? null : row.GetString(15),
            SentAt = row.IsDBNull(16) ? null : row.GetDateTime(16),
            Answers = row.IsDBNull(17) ? null : row.GetString(17),
        };

    public static IReadOnlyList<(long Sequence, FiringDto Firing)> ToFirings(IEnumerable<FiringRow> rows) =>
        [.. rows.GroupBy(row => row.Sequence).Select(firing => (firing.Key, ToFiring([.. firing])))];

    private static FiringDto ToFiring(List<FiringRow> rows) =>
        new()
        {
            Id = rows[0].Id,
            AlertId = rows[0].AlertId,
            TriggeredAt = rows[0].TriggeredAt,
            PriceAtTrigger = rows[0].PriceAtTrigger,
            Currency = rows[0].Currency,
            PriceAsOf = rows[0].PriceAsOf,
            Provider = rows[0].Provider,
            Route = rows[0].Route,
            OldestRateAt = rows[0].OldestRateAt,
            NotificationSent = rows[0].NotificationSent,
            NotificationChannels = rows[0].NotificationChannels ?? [],
            Deliveries =
            [
                .. rows.Where(row => row.Channel is not null)
                    .Select(row => new DeliveryDto(
                        row.Channel!,
                        row.Status!,
                        row.Attempts ?? 0,
                        row.LastError,
                        row.SentAt,
                        AnswersOf(row.Answers!)
                    )),
            ],
        };

    private static DeliveryAnswerDto[] AnswersOf(string json) =>
        json == "[]" ? [] : JsonSerializer.Deserialize<DeliveryAnswerDto[]>(json, JsonSerializerOptions.Web)!;
}
