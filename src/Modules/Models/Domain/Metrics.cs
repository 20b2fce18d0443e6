using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain;

/// <summary>Measures as they are stored and answered: by name, each a decimal as a text, or null with its reason.</summary>
internal static class Metrics
{
    public static JsonObject ToJson(BacktestMetrics metrics) =>
        ToJson(MetricCatalogue.All.Select(metric => (metric.Name, metric.Of(metrics))));

    public static JsonObject ToJson(IEnumerable<(string Name, Statistic Value)> statistics)
    {
        var json = new JsonObject();
        var reasons = new JsonArray();
        foreach (var (name, statistic) in statistics)
        {
            var known = Significant.Of(statistic.Value);
            json[name] = known is { } value ? Exact.Format(value) : null;
            if (known is null)
            {
                var code = WireName.Of(statistic.Reason ?? Unsaid.TooLarge);
                reasons.Add((JsonNode)new JsonObject { ["field"] = name, ["code"] = code });
            }
        }

        json["reasons"] = reasons;
        return json;
    }
}
