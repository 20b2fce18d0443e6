using AutoMapper;
using CryptoBeacon.Alerts.Domain;

namespace CryptoBeacon.Alerts.Features;

/// <summary>An alert as its owner reads it.</summary>
internal sealed record AlertDto : IVersioned
{
    public required Guid Id { get; init; }

    public required string CoinId { get; init; }

    public required string Condition { get; init; }

    public required decimal Price { get; init; }

    public required string Currency { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required string[] NotificationChannels { get; init; }

    public string? Notes { get; init; }

    public required string Repeat { get; init; }

    public required int CooldownSeconds { get; init; }

    public required decimal HysteresisPercent { get; init; }

    public int? WindowSeconds { get; init; }

    /// <summary>Waiting for a price: neither fired, nor paused, nor expired.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Why it has paused itself: <c>too_many_firings</c>, fifteen within three minutes. Null where it has not.</summary>
    public string? PausedReason { get; init; }

    /// <summary>When it fired last.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public uint Version { get; init; }

    internal sealed class Mapping : Profile
    {
        public Mapping() =>
            CreateMap<Alert, AlertDto>()
                .ForMember(dto => dto.Condition, map => map.MapFrom(alert => WireName.Of(alert.Condition)))
                .ForMember(dto => dto.Repeat, map => map.MapFrom(alert => WireName.Of(alert.Repeat)))
                .ForMember(
                    dto => dto.PausedReason,
                    map =>
                        map.MapFrom(alert => alert.PausedReason == null ? null : WireName.Of(alert.PausedReason.Value))
                );
    }
}
