using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>An indicator with its arguments: <c>sma(20)</c>. Arguments left out at the end take their defaults.</summary>
internal sealed record IndicatorCall(Indicator Indicator, IReadOnlyList<double> Arguments)
{
    /// <summary>The one spelling of what it computes.</summary>
    public string Text { get; } =
        $"{Indicator.Name}({string.Join(',', Arguments.Select(argument => argument.ToString(CultureInfo.InvariantCulture)))})";

    public int WarmUp => Indicator.WarmUp([.. Arguments]);

    /// <summary>Its lines over candles, in the order of <see cref="Indicator.Lines"/>: NaN where there is no value.</summary>
    /// <param name="pool">Where arrays come from that somebody gives back; they may be longer than the candles.</param>
    public double[][] Over(
        CandleSeries candles,
        ArrayPool<double>? pool = null,
        CancellationToken cancellationToken = default
    )
    {
        var lines = new double[Indicator.Lines.Count + Indicator.Scratch][];
        for (var i = 0; i < lines.Length; i++)
        {
            // Formulas write every value.
            lines[i] = pool?.Rent(candles.Count) ?? GC.AllocateUninitializedArray<double>(candles.Count);
        }

        Indicator.Compute(candles, [.. Arguments], lines, cancellationToken);
        foreach (var scratch in lines.AsSpan(Indicator.Lines.Count))
        {
            pool?.Return(scratch);
        }

        return lines[..Indicator.Lines.Count];
    }

    public bool Equals(IndicatorCall? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>One line of an indicator: <c>macd(12,26,9).signal</c>; without a name the first.</summary>
internal sealed partial record IndicatorLine(IndicatorCall Call, int Index)
{
    public const int MaxTextLength = 100;

    /// <summary>Whether a text that can be read names a line, or means the indicator.</summary>
    public static bool IsNamed(string text) => text.LastIndexOf('.') > text.LastIndexOf(')');

    /// <summary>A line of the catalogue, for code.</summary>
    public static IndicatorLine Of(string name, params double[] arguments) =>
        Read($"{name}({string.Join(',', arguments.Select(a => a.ToString(CultureInfo.InvariantCulture)))})", out _)
        ?? throw new ArgumentException($"{name} has no such arguments.", nameof(arguments));

    public IndicatorLine Line(string name) => this with { Index = Call.Indicator.Lines.ToList().IndexOf(name) };

    /// <param name="error">What is wrong, fit for a client; empty when a line is returned.</param>
    public static IndicatorLine? Read(string? text, out string error)
    {
        var match = text?.Length <= MaxTextLength ? Expression().Match(text) : Match.Empty;
        if (!match.Success)
        {
            error = "must be an indicator such as sma(20), macd(12,26,9) or macd(12,26,9).signal";
            return null;
        }

        if (IndicatorCatalogue.Find(match.Groups["name"].Value) is not { } indicator)
        {
            error = $"is no indicator: one of {string.Join(", ", IndicatorCatalogue.All.Select(known => known.Name))}";
            return null;
        }

        var given = match.Groups["argument"].Captures;
        if (given.Count > indicator.Arguments.Count)
        {
            error = $"has too many arguments: {Usage(indicator)}";
            return null;
        }

        var arguments = indicator.Arguments.Select(argument => argument.Default).ToArray();
        for (var i = 0; i < given.Count; i++)
        {
            var argument = indicator.Arguments[i];
            arguments[i] = double.Parse(given[i].Value, CultureInfo.InvariantCulture);
            if (
                !(arguments[i] >= argument.Minimum && arguments[i] <= argument.Maximum)
                || (argument.IsInteger && arguments[i] != Math.Floor(arguments[i]))
            )
            {
                error =
                    $"{argument.Name} must be {(argument.IsInteger ? "a whole number" : "a number")} from {Plain(argument.Minimum)} to {Plain(argument.Maximum)}: {Usage(indicator)}";
                return null;
            }
        }

        if (indicator.Check(arguments) is { } wrong)
        {
            error = $"{wrong}: {Usage(indicator)}";
            return null;
        }

        var line = match.Groups["line"];
        var index = line.Success ? indicator.Lines.ToList().IndexOf(line.Value) : 0;
        if (index < 0)
        {
            error = $"has no line {line.Value}: one of {string.Join(", ", indicator.Lines)}";
            return null;
        }

        error = "";
        return new(new(indicator, arguments), index);
    }

    private static string Usage(Indicator indicator) =>
        $"{indicator.Name}({string.Join(", ", indicator.Arguments.Select(argument => $"{argument.Name}={Plain(argument.Default)}"))})";

    private static string Plain(double value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\A\s*(?<name>[a-z][a-z-]*)\s*(\(\s*((?<argument>\d{1,9}(\.\d{1,9})?)\s*(,\s*(?<argument>\d{1,9}(\.\d{1,9})?)\s*)*)?\))?\s*(\.(?<line>[A-Za-z]+))?\s*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Expression();
}
