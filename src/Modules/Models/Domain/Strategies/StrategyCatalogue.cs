namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>The strategies there are.</summary>
internal static class StrategyCatalogue
{
    public static readonly IReadOnlyList<Strategy> All =
    [
        new MovingAverageCross("sma"),
        new MovingAverageCross("ema"),
        new MacdCross(),
        new RsiReversion(),
        new BollingerBreakout(),
        new DonchianBreakout(),
        new BuyAndHold(),
        new DollarCostAveraging(),
        new Rebalance(),
        new GivenSignals(),
        new Rules(),
    ];

    public static Strategy? Find(string? name) => All.FirstOrDefault(strategy => strategy.Name == name);
}
