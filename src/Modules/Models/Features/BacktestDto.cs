using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CryptoBeacon.Models.Features;

/// <summary>A back-test as lists show it, without its results.</summary>
internal record BacktestDto : RunDto
{
    /// <summary>What a SELECT of this record lists. What has not succeeded has <c>{}</c> for measures, read as null.</summary>
    public new const string Columns = RunDto.Columns + ", nullif(performance_metrics, '{}') as performance_metrics";

    /// <summary>By name, each a decimal or null; <c>reasons</c> says why one is null. Null until it has succeeded.</summary>
    [JsonPropertyOrder(1)]
    public JsonObject? PerformanceMetrics { get; init; }

    public static string Location(Guid id) => $"/api/v1/backtests/{id}";
}
