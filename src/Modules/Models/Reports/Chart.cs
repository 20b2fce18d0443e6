using System.Globalization;
using System.Xml.Linq;
using static CryptoBeacon.Models.Reports.Html;

namespace CryptoBeacon.Models.Reports;

/// <summary>A line over time.</summary>
/// <param name="Kind">How the style sheet shows it.</param>
internal sealed record Curve(string Kind, IReadOnlyList<Point> Points);

/// <summary>Something that happened at a time, at a price.</summary>
/// <param name="IsUpward">Points up from below the line, or down from above it.</param>
internal readonly record struct Mark(long Time, double Value, bool IsUpward, string Kind);

/// <summary>
/// A picture of values over time. Its labels stand in it, over rules and curves, so that it needs no margins and they can grow where it is small.
/// </summary>
internal static class Chart
{
    private const double Width = 720;
    private const double Top = 22;
    private const double Bottom = 20;
    private const int Columns = 400;
    private const int Rules = 4;
    private const int Times = 6;
    private const double MarkSize = 4;

    /// <param name="floor">Fills the first curve from there on; null: it is a line.</param>
    public static XElement Draw(
        string title,
        double height,
        IReadOnlyList<Curve> curves,
        Func<double, string> label,
        double? floor = null,
        IReadOnlyList<Mark>? marks = null
    )
    {
        var drawn = curves
            .Select(curve => curve with { Points = Downsampling.ToColumns(curve.Points, Columns) })
            .ToList();
        var scale = Scale.Of(drawn, height, floor);
        var picture = Tag(
            "svg",
            Set("viewBox", $"0 0 {Width} {height}"),
            Set("role", "img"),
            Set("aria-label", title),
            Tag("title", title)
        );
        foreach (var value in scale.Values)
        {
            var y = Coordinate(scale.Y(value));
            picture.Add(Tag("line", "rule", Set("x1", 0), Set("x2", Width), Set("y1", y), Set("y2", y)));
        }

        picture.Add(drawn.Skip(1).Reverse().Select(curve => Line(scale, curve)));
        picture.Add(floor is { } base0 ? Area(scale, drawn[0], base0) : Line(scale, drawn[0]));
        picture.Add((marks ?? []).Select(mark => Arrow(scale, mark)));
        // Over the curves, which they keep a little room from.
        picture.Add(
            scale.Values.Select(value =>
                Tag("text", Set("x", 2), Set("y", Coordinate(scale.Y(value) - 4)), label(value))
            )
        );
        picture.Add(Enumerable.Range(0, Times).Select(i => TimeLabel(scale, i, height)));
        return picture;
    }

    private static XElement TimeLabel(Scale scale, int i, double height)
    {
        var time = scale.From + ((scale.To - scale.From) * i / (Times - 1));
        var format = scale.To - scale.From > 2 * 86_400_000L ? "yyyy-MM-dd" : "MM-dd HH:mm";
        return Tag(
            "text",
            // A narrow page shows the first, the middle and the last.
            i is 0 or Times - 1
                ? "major"
                : "minor",
            Set("x", Coordinate(Width * i / (Times - 1))),
            Set("y", Coordinate(height - 4)),
            Set(
                "text-anchor",
                i switch
                {
                    0 => "start",
                    Times - 1 => "end",
                    _ => "middle",
                }
            ),
            DateTimeOffset.FromUnixTimeMilliseconds(time).ToString(format, CultureInfo.InvariantCulture)
        );
    }

    private static XElement Line(Scale scale, Curve curve) =>
        Tag("path", curve.Kind, Set("d", $"M{string.Join('L', curve.Points.Select(scale.At))}"));

    private static XElement Area(Scale scale, Curve curve, double floor)
    {
        var y = Coordinate(scale.Y(floor));
        var line = string.Join('L', curve.Points.Select(scale.At));
        return Tag(
            "path",
            curve.Kind,
            Set(
                "d",
                $"M{Coordinate(scale.X(curve.Points[0].Time))} {y}L{line}L{Coordinate(scale.X(curve.Points[^1].Time))} {y}Z"
            )
        );
    }

    private static XElement Arrow(Scale scale, Mark mark)
    {
        var (x, y) = (scale.X(mark.Time), scale.Y(mark.Value));
        var away = mark.IsUpward ? MarkSize * 2 : -MarkSize * 2;
        return Tag(
            "path",
            mark.Kind,
            Set(
                "d",
                $"M{Coordinate(x)} {Coordinate(y + (away / 8))}L{Coordinate(x - MarkSize)} {Coordinate(y + away)}L{Coordinate(x + MarkSize)} {Coordinate(y + away)}Z"
            )
        );
    }

    private sealed record Scale(long From, long To, double[] Values, double Height)
    {
        public static Scale Of(IReadOnlyList<Curve> curves, double height, double? floor)
        {
            var all = curves.SelectMany(curve => curve.Points).ToList();
            var values = all.Select(point => point.Value).Concat(floor is { } base0 ? [base0] : []).ToList();
            var (low, high) = (values.Min(), values.Max());
            var step = RoundStep((high - low) / Rules, high);
            var bottom = Math.Floor(low / step);
            var rules = (int)Math.Max(1, Math.Ceiling(high / step) - bottom);
            return new Scale(
                all.Min(point => point.Time),
                all.Max(point => point.Time),
                [.. Enumerable.Range(0, rules + 1).Select(i => (bottom + i) * step)],
                height
            );
        }

        public double X(long time) => To == From ? 0 : (double)(time - From) / (To - From) * Width;

        public double Y(double value) =>
            Height - Bottom - ((value - Values[0]) / (Values[^1] - Values[0]) * (Height - Top - Bottom));

        public string At(Point point) => $"{Coordinate(X(point.Time))} {Coordinate(Y(point.Value))}";

        /// <summary>1, 2 or 5 times a power of ten, at least as much.</summary>
        private static double RoundStep(double atLeast, double size)
        {
            if (atLeast <= 0)
            {
                return size == 0 ? 1 : Math.Abs(size) / 10;
            }

            var power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
            return power * new[] { 1, 2, 5, 10 }.First(factor => factor * power >= atLeast * 0.999);
        }
    }
}
