using CryptoBeacon.Application.Contracts.Alerts;

namespace CryptoBeacon.Watchlists.Domain;

/// <summary>What a client may say of a watchlist: the body of POST, and the state that PATCH patches.</summary>
internal sealed record WatchlistInput : IHasDefaults<WatchlistInput>
{
    public string? Name { get; init; }

    public bool? IsDefault { get; init; }

    public WatchlistInput WithDefaults() => this with { IsDefault = IsDefault ?? false };
}

internal sealed class WatchlistInputValidator : AbstractValidator<WatchlistInput>
{
    public WatchlistInputValidator()
    {
        RuleFor(w => w.Name).Required().Name();
        RuleFor(w => w.IsDefault).Required();
    }
}

/// <summary>What a client may say of an item when it comes.</summary>
internal sealed record WatchlistItemInput
{
    public string? CoinId { get; init; }

    public string? Notes { get; init; }

    public IReadOnlyList<CustomAlert>? CustomAlerts { get; init; }

    public WatchlistItemState ToState() => new() { Notes = Notes, CustomAlerts = CustomAlerts };
}

/// <summary>What a client may change of an item later. The coin stays.</summary>
internal sealed record WatchlistItemState
{
    public string? Notes { get; init; }

    public IReadOnlyList<CustomAlert>? CustomAlerts { get; init; }
}

internal sealed class WatchlistItemStateValidator : AbstractValidator<WatchlistItemState>
{
    public const int MaxCustomAlerts = 20;

    /// <summary>What an alert must be is for Alerts to say.</summary>
    public WatchlistItemStateValidator()
    {
        RuleFor(i => i.Notes).Notes();
        RuleFor(i => i.CustomAlerts).Entries(0, MaxCustomAlerts, "alerts");
        RuleForEach(i => i.CustomAlerts).Required();
    }
}
