using System.Globalization;
using System.Xml.Linq;

namespace CryptoBeacon.Portfolios.Domain;

/// <summary>
/// Value as an area, what was put in as a dashed line, both over time. A gap is a time at which a coin had no price. No style sheet and no
/// script, so that it shows under the strictest content security policy.
/// </summary>
internal static class ValueChart
{
    private const double Width = 960;
    private const double Height = 360;
    private const double Left = 88;
    private const double Right = 24;
    private const double Top = 44;
    private const double Bottom = 36;
    private const string Ink = "#1f2933";
    private const string Faint = "#8893a0";
    private const string Rule = "#e4e8ee";
    private const string Accent = "#2563c9";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Draw(string currency, IReadOnlyList<PerformancePoint> points)
    {
        var scale = Scale.Of(points);
        var picture = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {Height}"),
            new XAttribute("role", "img"),
            new XAttribute("font-family", "system-ui, sans-serif"),
            new XAttribute("font-size", 12),
            new XElement(Svg + "title", $"Portfolio value in {currency}"),
            new XElement(
                Svg + "rect",
                new XAttribute("width", Width),
                new XAttribute("height", Height),
                new XAttribute("fill", "#ffffff")
            ),
            Text(Left, 24, $"Value in {currency}", Ink, "start", 15),
            Text(Width - Right, 24, "dashed: net invested", Faint, "end")
        );
        picture.Add(scale.Values.Select(value => HorizontalRule(scale, value)));
        picture.Add(
            scale.Times.Select((time, i) => Text(scale.X(time), Height - 12, Label(time, scale), Faint, Anchor(i)))
        );
        picture.Add(Runs(points, point => point.Value).SelectMany(run => Area(scale, run)));
        picture.Add(Runs(points, point => point.NetInvested).Select(run => Dashes(scale, run)));
        if (points.All(point => point.Value is null))
        {
            picture.Add(Text(Width / 2, Height / 2, "No value is known in this time", Faint, "middle", 15));
        }

        return picture.ToString(SaveOptions.DisableFormatting);
    }

    private static object[] HorizontalRule(Scale scale, double value) =>
        [
            new XElement(
                Svg + "line",
                new XAttribute("x1", Left),
                new XAttribute("x2", Width - Right),
                new XAttribute("y1", Round(scale.Y(value))),
                new XAttribute("y2", Round(scale.Y(value))),
                new XAttribute("stroke", Rule)
            ),
            Text(Left - 8, scale.Y(value) + 4, Number(value), Faint, "end"),
        ];

    private static IEnumerable<XElement> Area(Scale scale, (DateTimeOffset Time, double Value)[] run)
    {
        var line = Path(scale, run);
        var floor = Round(scale.Y(scale.Values[0]));
        yield return new XElement(
            Svg + "path",
            new XAttribute("d", $"{line} V {floor} H {Round(scale.X(run[0].Time))} Z"),
            new XAttribute("fill", Accent),
            new XAttribute("fill-opacity", 0.12)
        );
        yield return new XElement(
            Svg + "path",
            new XAttribute("d", line),
            new XAttribute("fill", "none"),
            new XAttribute("stroke", Accent),
            new XAttribute("stroke-width", 2),
            new XAttribute("stroke-linejoin", "round"),
            new XAttribute("stroke-linecap", "round")
        );
    }

    private static XElement Dashes(Scale scale, (DateTimeOffset Time, double Value)[] run) =>
        new(
            Svg + "path",
            new XAttribute("d", Path(scale, run)),
            new XAttribute("fill", "none"),
            new XAttribute("stroke", Faint),
            new XAttribute("stroke-width", 1.5),
            new XAttribute("stroke-dasharray", "5 4")
        );

    private static string Path(Scale scale, (DateTimeOffset Time, double Value)[] run) =>
        "M " + string.Join(" L ", run.Select(point => $"{Round(scale.X(point.Time))} {Round(scale.Y(point.Value))}"));

    /// <summary>The stretches in which every point is known.</summary>
    private static IEnumerable<(DateTimeOffset Time, double Value)[]> Runs(
        IReadOnlyList<PerformancePoint> points,
        Func<PerformancePoint, decimal?> of
    )
    {
        var run = new List<(DateTimeOffset, double)>();
        foreach (var point in points)
        {
            if (of(point) is { } value)
            {
                run.Add((point.Time, (double)value));
            }
            else if (run.Count > 0)
            {
                yield return [.. run];
                run.Clear();
            }
        }

        if (run.Count > 0)
        {
            yield return [.. run];
        }
    }

    private static XElement Text(double x, double y, string text, string colour, string anchor, double size = 12) =>
        new(
            Svg + "text",
            new XAttribute("x", Round(x)),
            new XAttribute("y", Round(y)),
            new XAttribute("fill", colour),
            new XAttribute("text-anchor", anchor),
            new XAttribute("font-size", size),
            text
        );

    /// <summary>The first and the last time stand within the picture.</summary>
    private static string Anchor(int label) =>
        label switch
        {
            0 => "start",
            Scale.Labels - 1 => "end",
            _ => "middle",
        };

    private static string Label(DateTimeOffset time, Scale scale) =>
        time.ToString(scale.Span > TimeSpan.FromDays(2) ? "yyyy-MM-dd" : "MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("#,0.########", CultureInfo.InvariantCulture);

    private static string Round(double length) => length.ToString("0.##", CultureInfo.InvariantCulture);

    private sealed record Scale(DateTimeOffset From, TimeSpan Span, double[] Values, DateTimeOffset[] Times)
    {
        private const int Rules = 5;
        public const int Labels = 6;

        public static Scale Of(IReadOnlyList<PerformancePoint> points)
        {
            var amounts = points
                .SelectMany(point => new[] { point.Value, point.NetInvested })
                .Where(amount => amount is not null)
                .Select(amount => (double)amount!.Value)
                .Append(0)
                .ToArray();
            var step = RoundStep((amounts.Max() - amounts.Min()) / (Rules - 1));
            var bottom = Math.Floor(amounts.Min() / step);
            var rules = (int)Math.Max(1, Math.Ceiling(amounts.Max() / step) - bottom);
            var from = points[0].Time;
            var span = points[^1].Time - from;
            span = span > TimeSpan.Zero ? span : TimeSpan.FromDays(1);
            return new Scale(
                from,
                span,
                [.. Enumerable.Range(0, rules + 1).Select(i => (bottom + i) * step)],
                [.. Enumerable.Range(0, Labels).Select(i => from + (span * i / (Labels - 1)))]
            );
        }

        public double X(DateTimeOffset time) => Left + ((time - From) / Span * (Width - Left - Right));

        public double Y(double value) =>
            Height - Bottom - ((value - Values[0]) / (Values[^1] - Values[0]) * (Height - Top - Bottom));

        /// <summary>1, 2 or 5 times a power of ten, at least as much.</summary>
        private static double RoundStep(double atLeast)
        {
            if (atLeast <= 0)
            {
                return 1;
            }

            var power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
            return power * new[] { 1, 2, 5, 10 }.First(factor => factor * power >= atLeast * 0.999);
        }
    }
}
