using CryptoBeacon.Alerts.Domain;

namespace CryptoBeacon.Alerts.Features;

/// <summary>What a client may write of an alert.</summary>
internal record AlertInput
{
    public string? CoinId { get; init; }

    public AlertCondition? Condition { get; init; }

    public decimal? Price { get; init; }

    public string? Currency { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<NotificationChannel>? NotificationChannels { get; init; }

    public string? Notes { get; init; }

    public AlertRepeat? Repeat { get; init; }

    public int? CooldownSeconds { get; init; }

    public decimal? HysteresisPercent { get; init; }

    public int? WindowSeconds { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>An alert that has expired is not active, whether a price has told it so or not.</summary>
    public static AlertInput Of(Alert alert, DateTimeOffset now) =>
        new()
        {
            CoinId = alert.CoinId,
            Condition = alert.Condition,
            Price = alert.Price,
            Currency = alert.Currency,
            ExpiresAt = alert.ExpiresAt,
            NotificationChannels = [.. alert.NotificationChannels.Select(WireName.Parse<NotificationChannel>)],
            Notes = alert.Notes,
            Repeat = alert.Repeat,
            CooldownSeconds = alert.CooldownSeconds,
            HysteresisPercent = alert.HysteresisPercent,
            WindowSeconds = alert.WindowSeconds,
            IsActive = alert.IsActive && !alert.HasExpired(now),
        };

    /// <summary>Of validated input.</summary>
    public AlertTerms ToTerms() =>
        new(
            CoinId!,
            Condition!.Value,
            Price!.Value,
            Currency ?? CryptoBeacon.Domain.Values.Currency.Default,
            ExpiresAt,
            NotificationChannels ?? [NotificationChannel.App],
            Notes,
            Repeat ?? AlertRepeat.Once,
            CooldownSeconds ?? 0,
            HysteresisPercent ?? 0,
            WindowSeconds,
            IsActive ?? true
        );
}

internal sealed class AlertInputValidator : AbstractValidator<AlertInput>
{
    public AlertInputValidator(TimeProvider clock)
    {
        RuleFor(a => a.CoinId).Required().CoinId();
        RuleFor(a => a.Condition).Required();
        RuleFor(a => a.Price).Required().Positive();
        RuleFor(a => a.Price)
            .Must(percent => percent is null or <= 100)
            .When(a => a.Condition is AlertCondition.PercentDown)
            .WithMessage("must be 100 percent at most: no price falls further");
        RuleFor(a => a.Currency).Currency();
        RuleFor(a => a.ExpiresAt)
            .Must(at => at is null || at > clock.GetUtcNow())
            .When(a => a.IsActive is not false)
            .WithMessage("must lie in the future");
        RuleFor(a => a.NotificationChannels)
            .Must(channels => channels is null || channels.Count > 0)
            .WithMessage("must name at least one channel");
        RuleFor(a => a.Notes).Notes();
        RuleFor(a => a.CooldownSeconds)
            .InclusiveBetween(0, Alert.MaxCooldownSeconds)
            .WithMessage($"must lie between 0 and {Alert.MaxCooldownSeconds}");
        RuleFor(a => a.HysteresisPercent)
            .Must(percent => percent is null or (>= 0 and < 100))
            .WithMessage("must be 0 or greater, and less than 100");
        When(
                a => a.Condition?.IsMovement() is true,
                () =>
                    RuleFor(a => a.WindowSeconds)
                        .Required()
                        .InclusiveBetween(1, Alert.MaxWindowSeconds)
                        .WithMessage($"must lie between 1 and {Alert.MaxWindowSeconds}")
            )
            .Otherwise(() =>
                RuleFor(a => a.WindowSeconds).Null().WithMessage("belongs to percent_up and percent_down alone")
            );
    }
}
