using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Sweeps;

namespace CryptoBeacon.Models.Domain;

/// <summary>What a sweep varies, as it is stored.</summary>
internal sealed record SweepSpace(JsonObject Grid, string Metric, int? Samples, int Seed, int WalkForwardWindows)
{
    private const int MaxAxes = 8;

    /// <summary>Of validated input.</summary>
    public static SweepSpace Of(SweepInput input) =>
        new(
            input.Grid!,
            input.Metric ?? SweepInput.DefaultMetric,
            input.Samples,
            input.Seed ?? 1,
            input.WalkForwardWindows ?? 0
        );

    public IReadOnlyList<SweepAxis> Axes() =>
        [.. Grid.Select(axis => new SweepAxis(Pointer(axis.Key), Values(axis.Value)!))];

    public static IEnumerable<(string Field, string Message)> Faults(SweepInput sweep)
    {
        var grid = sweep.Grid!;
        if (grid.Count is 0 or > MaxAxes)
        {
            yield return ("Grid", $"must name 1 to {MaxAxes} values of the configuration");
            yield break;
        }

        var points = 1L;
        foreach (var (name, values) in grid)
        {
            if (Values(values) is not { Count: > 0 } read)
            {
                yield return (
                    $"Grid.{name}",
                    $"must be a list of 1 to {SweepRequest.MaxConfigurations} texts or numbers, or from, to and step"
                );
                yield break;
            }

            points = Math.Min(points * read.Count, int.MaxValue);
        }

        if (sweep.Samples is null && points > SweepRequest.MaxConfigurations)
        {
            yield return (
                "Grid",
                $"has {points} points, more than {SweepRequest.MaxConfigurations}; say samples to draw some of them"
            );
        }
    }

    /// <summary>The configuration's property that an axis varies, or a part of it.</summary>
    public static string Property(string axis) =>
        Pointer(axis)
            .Split('/')[1]
            .Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal);

    public static string Pointer(string axis) => axis.StartsWith('/') ? axis : $"/{axis}";

    private static List<JsonNode?>? Values(JsonNode? axis) =>
        axis switch
        {
            JsonArray list when list.Count <= SweepRequest.MaxConfigurations && list.All(value => value is JsonValue) =>
                [.. list],
            JsonObject range => Range(range),
            _ => null,
        };

    private static List<JsonNode?>? Range(JsonObject range)
    {
        if (
            range.Count != 3
            || Number(range["from"]) is not { } from
            || Number(range["to"]) is not { } to
            || Number(range["step"]) is not { } step
            || step <= 0
            || to < from
            || (to - from) / step >= SweepRequest.MaxConfigurations
        )
        {
            return null;
        }

        var values = new List<JsonNode?>();
        for (var value = from; value <= to; value += step)
        {
            values.Add(JsonNode.Parse(Exact.Format(value)));
        }

        return values;
    }

    private static decimal? Number(JsonNode? node) =>
        node is JsonValue
        && Exact.TryParse(node.ToString(), allowExponent: false, out var number)
        && Math.Abs(number) <= 1_000_000_000
            ? number
            : null;
}
