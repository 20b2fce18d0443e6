namespace CryptoBeacon.Models.Reports;

/// <summary>A value at a time, in milliseconds since 1970.</summary>
internal readonly record struct Point(long Time, double Value);

/// <summary>
/// Fewer points that make the same picture: of each column of it the first, the lowest, the highest and the last, so that no peak is lost.
/// </summary>
/// <remarks>Source: M4, in Jugel et al., M4: A Visualization-Oriented Time Series Data Aggregation, PVLDB 7 (2014).</remarks>
internal static class Downsampling
{
    public static IReadOnlyList<Point> ToColumns(IReadOnlyList<Point> points, int columns)
    {
        if (points.Count <= columns * 4)
        {
            return points;
        }

        var kept = new List<Point>(columns * 4);
        for (var column = 0; column < columns; column++)
        {
            var (start, end) = (At(column), At(column + 1));
            if (start == end)
            {
                continue;
            }

            var (low, high) = (start, start);
            for (var i = start; i < end; i++)
            {
                low = points[i].Value < points[low].Value ? i : low;
                high = points[i].Value > points[high].Value ? i : high;
            }

            kept.AddRange(new[] { start, low, high, end - 1 }.Distinct().Order().Select(i => points[i]));
        }

        return kept;

        int At(int column) => (int)((long)points.Count * column / columns);
    }
}
