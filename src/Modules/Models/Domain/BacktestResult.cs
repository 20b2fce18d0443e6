using System.Text.Json.Nodes;

namespace CryptoBeacon.Models.Domain;

/// <summary>What a run found, on its way into the database: long lists are made into rows one by one, never into one text.</summary>
/// <param name="Lists">By their names in the results.</param>
/// <param name="Rest">What else the results say.</param>
internal sealed record BacktestResult(
    IReadOnlyDictionary<string, IEnumerable<object>> Lists,
    JsonObject Rest,
    JsonObject Metrics,
    Reproducibility Reproducibility
)
{
    /// <summary>One for each asset; of prediction models alone.</summary>
    public IReadOnlyList<TrainedModel> Trained { get; init; } = [];
}

/// <summary>What training left, ready to forecast the bar after the last that it saw.</summary>
/// <param name="From">The opening time of the first bar that it has learnt from.</param>
/// <param name="To">That of the last.</param>
internal sealed record TrainedModel(string CoinId, DateTimeOffset From, DateTimeOffset To, int Bars, byte[] Content);
