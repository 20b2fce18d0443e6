namespace CryptoBeacon.Portfolios.Features;

/// <summary>A coin as it is held in a portfolio, and the opening balance that its trades build on.</summary>
internal sealed record AssetDto : IVersioned
{
    public required string CoinId { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>Sold without having been acquired, as far as the recorded trades tell.</summary>
    public required decimal Shortfall { get; init; }

    /// <summary>Moving average in the portfolio's currency, fees left out; null when nothing is held or no cost is known.</summary>
    public decimal? AvgBuyPrice { get; init; }

    /// <summary>False when the average leaves out what was acquired at an unknown cost or rate.</summary>
    public required bool IsCostComplete { get; init; }

    public decimal? OpeningQuantity { get; init; }

    public decimal? OpeningAvgBuyPrice { get; init; }

    public DateTimeOffset? AcquiredAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required uint Version { get; init; }

    public static string Location(Guid portfolioId, string coinId) =>
        $"{PortfolioDto.Location(portfolioId)}/assets/{coinId}";
}
