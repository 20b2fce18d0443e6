using System.Text.Json;
using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>A watchlist with its items in the custom order, each with its price.</summary>
internal sealed record WatchlistDto : IVersioned
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required bool IsDefault { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What the prices are in.</summary>
    public required string Currency { get; init; }

    /// <summary>False when an item has no price.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The coins without a price.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The age of the answer's oldest rate.</summary>
    public DateTimeOffset? OldestRateAt { get; init; }

    public required IReadOnlyList<WatchlistItemDto> Items { get; init; }

    public required uint Version { get; init; }

    public static string Location(Guid id) => $"/api/v1/watchlists/{id}";
}

/// <summary>A watchlist in a list of watchlists.</summary>
internal sealed record WatchlistLine
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required bool IsDefault { get; init; }

    public required int ItemCount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record WatchlistItemDto : IVersioned
{
    public required string CoinId { get; init; }

    public string? Notes { get; init; }

    public required IReadOnlyList<CustomAlert> CustomAlerts { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public decimal? Price { get; init; }

    public decimal? Change24hPercent { get; init; }

    public DateTimeOffset? PriceAsOf { get; init; }

    /// <summary>The stored pairs that the price is made of.</summary>
    public IReadOnlyList<string>? Route { get; init; }

    public required uint Version { get; init; }

    public static string Location(Guid watchlistId, string coinId) =>
        $"{WatchlistDto.Location(watchlistId)}/items/{coinId}";
}

/// <summary>An item as the database gives it.</summary>
internal sealed record WatchlistItemRow
{
    public required string CoinId { get; init; }

    public string? Notes { get; init; }

    public string? CustomAlerts { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public decimal? Price { get; init; }

    public decimal? PriceDayBefore { get; init; }

    public DateTimeOffset? PriceAsOf { get; init; }

    public string[]? Route { get; init; }

    public required uint Version { get; init; }

    public WatchlistItemDto ToDto() =>
        new()
        {
            CoinId = CoinId,
            Notes = Notes,
            CustomAlerts = CustomAlerts is null
                ? []
                : JsonSerializer.Deserialize<CustomAlert[]>(CustomAlerts, BeaconJson.Options)!,
            AddedAt = AddedAt,
            Price = Price,
            Change24hPercent = ChangeInPercent(),
            PriceAsOf = PriceAsOf,
            Route = Route,
            Version = Version,
        };

    private decimal? ChangeInPercent() =>
        Price is { } now && PriceDayBefore is { } before && Exact.Add(now, -before) is { } change
            ? Exact.Estimate(change, 100, before)
            : null;
}
