using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <summary>The points of a grid: for each axis the index of a value.</summary>
internal sealed class SweepGrid(IReadOnlyList<SweepAxis> axes)
{
    // Points are gone through in tiles, so that what neighbours share is still there: in rows, a long axis would push it out.
    private const int Tile = 16;

    private readonly double _size = axes.Aggregate(1.0, (size, axis) => size * axis.Values.Count);

    /// <param name="randomCount">Null: all.</param>
    public IReadOnlyList<int[]> Points(int? randomCount, int seed)
    {
        var count = Math.Min(_size, randomCount ?? _size);
        if (count > SweepRequest.MaxConfigurations)
        {
            throw new ArgumentException(
                $"A sweep has at most {SweepRequest.MaxConfigurations} configurations.",
                nameof(randomCount)
            );
        }

        var points = count == _size ? All() : Drawn((int)count, new Random(seed));
        return
        [
            .. points.OrderBy(
                point => point,
                Comparer<int[]>.Create((a, b) => Order(a, b, Tile) is not 0 and var tiles ? tiles : Order(a, b, 1))
            ),
        ];
    }

    /// <param name="errors">Why the values make no valid configuration.</param>
    /// <returns>Null when there are errors.</returns>
    public StrategyConfiguration? Configure(
        JsonObject configuration,
        int[] point,
        out IReadOnlyList<ConfigurationError> errors
    )
    {
        var varied = configuration.DeepClone();
        for (var i = 0; i < axes.Count; i++)
        {
            if (!TrySet(varied, axes[i].Pointer, axes[i].Values[point[i]]))
            {
                throw new ArgumentException(
                    $"{axes[i].Pointer} leads nowhere in the configuration.",
                    nameof(configuration)
                );
            }
        }

        return StrategyConfiguration.Read(JsonSerializer.SerializeToElement(varied), out errors);
    }

    public IReadOnlyDictionary<string, JsonNode?> Values(int[] point) =>
        axes.Select((axis, i) => (axis.Pointer, Value: axis.Values[point[i]]))
            .ToDictionary(value => value.Pointer, value => value.Value);

    public static bool AreNeighbours(int[] a, int[] b) =>
        a.Zip(b, (x, y) => Math.Abs(x - y)).Aggregate(0L, (sum, distance) => sum + distance) == 1;

    private IEnumerable<int[]> All()
    {
        IEnumerable<int[]> points =
        [
            [],
        ];
        foreach (var axis in axes)
        {
            points = [.. points.SelectMany(point => axis.Values.Select((_, i) => (int[])[.. point, i]))];
        }

        return points;
    }

    private IEnumerable<int[]> Drawn(int count, Random random)
    {
        // Few of many: draws until there are enough different ones. Many of few: shuffles them all.
        if (_size <= 4 * SweepRequest.MaxConfigurations)
        {
            int[][] all = [.. All()];
            random.Shuffle(all);
            return all.Take(count);
        }

        var drawn = new Dictionary<string, int[]>(StringComparer.Ordinal);
        while (drawn.Count < count)
        {
            int[] point = [.. axes.Select(axis => random.Next(axis.Values.Count))];
            drawn.TryAdd(string.Join(',', point), point);
        }

        return drawn.Values;
    }

    private static int Order(int[] a, int[] b, int tile)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if ((a[i] / tile).CompareTo(b[i] / tile) is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }

    /// <returns>False where the pointer leads nowhere.</returns>
    public static bool TrySet(JsonNode root, string pointer, JsonNode? value)
    {
        var parts = JsonPointer.Parts(pointer) ?? [];
        var parent = parts.SkipLast(1).Aggregate<string, JsonNode?>(root, Child);
        switch (parent)
        {
            case JsonObject properties when parts.Count > 0:
                properties[parts[^1]] = value?.DeepClone();
                return true;
            case JsonArray items when int.TryParse(parts[^1], out var index) && index >= 0 && index < items.Count:
                items[index] = value?.DeepClone();
                return true;
            default:
                return false;
        }
    }

    private static JsonNode? Child(JsonNode? node, string part) =>
        node switch
        {
            JsonObject properties => properties[part],
            JsonArray items when int.TryParse(part, out var index) && index >= 0 && index < items.Count => items[index],
            _ => null,
        };
}
