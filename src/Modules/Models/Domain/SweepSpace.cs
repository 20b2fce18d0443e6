using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Configurations;
using CryptoBeacon.Models.Domain.Strategies;
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

    /// <summary>Values that are none of the strategy's, each by itself, with their JSON pointers.</summary>
    /// <param name="configuration">A valid one; the axes lead into it.</param>
    public IEnumerable<(string Field, string Message)> FaultsOfValues(JsonObject configuration)
    {
        var strategy = Catalogue.Find(ModelType.Trading, configuration[ConfigurationSchema.StrategyKey]!.ToString())!;
        foreach (var (axis, given) in Grid)
        {
            var property = Property(axis);
            var list = given as JsonArray;
            foreach (var (i, value) in (list ?? (IEnumerable<JsonNode?>)Values(given)!).Index())
            {
                var varied = configuration.DeepClone();
                SweepGrid.TrySet(varied, Pointer(axis), PlainNumbers.Of(value));
                var fault = SchemaFaults
                    .Of(strategy.Schema.Properties[property], varied[property]!.ToJsonString(BeaconJson.Options))
                    .Concat(ConfigurationReader.FaultsOfValues(JsonSerializer.SerializeToElement(varied)))
                    .FirstOrDefault();
                if (fault is not null)
                {
                    var (at, pointer) = list is null ? ("", "") : ($"[{i}]", $"/{i}");
                    yield return (
                        $"grid.{axis}{at}",
                        $"{value?.ToJsonString()}: {fault.Message} (JSON pointer /grid/{JsonPointer.Escape(axis)}{pointer})"
                    );
                }
            }
        }
    }

    /// <summary>The configuration's property that an axis varies, or a part of it.</summary>
    public static string Property(string axis) => JsonPointer.Unescape(Pointer(axis).Split('/')[1]);

    public static string Pointer(string axis) => axis.StartsWith('/') ? axis : $"/{axis}";

    private static List<JsonNode?>? Values(JsonNode? axis) =>
        axis switch
        {
            JsonArray list when list.Count <= SweepRequest.MaxConfigurations && list.All(value => value is JsonValue) =>
                Ordered(list),
            JsonObject range => Range(range),
            _ => null,
        };

    /// <summary>Each value once, whatever its spelling; numbers in ascending order, so that those next to each other are neighbours.</summary>
    private static List<JsonNode?> Ordered(JsonArray list)
    {
        var values = list.Select(value =>
            {
                var json = JsonSerializer.SerializeToElement(value);
                return (Value: value, Text: CanonicalJson.Of(json), Number: NumberIn(json));
            })
            .DistinctBy(value => value.Text)
            .ToList();
        return
        [
            .. (
                values.All(value => value.Number is not null)
                    ? values.OrderBy(value => value.Number)
                    : values.AsEnumerable()
            ).Select(value => value.Value),
        ];
    }

    private static double? NumberIn(JsonElement json) =>
        StrategyConfiguration.TryNumber(json, out var number) ? number : null;

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
