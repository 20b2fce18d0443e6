using System.Text.Json;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>A value that conditions compare.</summary>
/// <param name="Now">On the close of the last bar; NaN where there is no value.</param>
/// <param name="Before">A bar earlier.</param>
internal readonly record struct BoundOperand(Func<Prefix, double> Now, Func<Prefix, double> Before)
{
    public static BoundOperand Of(Line line) => new(line.Now, line.Before);
}

/// <summary>
/// A number (or a string that holds one); an indicator such as <c>macd(12,26,9).signal</c>; a price field <c>open, high, low, close, volume</c>; <c>forecast</c>;
/// or one of <c>position.profitPercent, position.barsHeld, position.entryPrice</c>, which have no value while nothing is held.
/// </summary>
internal abstract record Operand
{
    private static readonly Dictionary<string, PriceField> Fields = Enum.GetValues<PriceField>()
        .ToDictionary(field => field.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public static readonly IReadOnlyList<string> Names =
    [
        .. Fields.Keys,
        "position.profitPercent",
        "position.barsHeld",
        "position.entryPrice",
    ];

    public virtual IEnumerable<IndicatorLine> Lines => [];

    public virtual bool IsForecast => false;

    public abstract BoundOperand Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines);

    public static Operand? Read(JsonElement json, string pointer, List<ConfigurationError> errors)
    {
        if (StrategyConfiguration.TryNumber(json, out var number))
        {
            return new Number(number);
        }

        var text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        if (text is not null && Fields.TryGetValue(text, out var field))
        {
            return new Price(field);
        }

        if (text is not null && Names.Contains(text))
        {
            return new OfPosition(text);
        }

        if (IndicatorLine.Read(text, out var error) is { } line)
        {
            return new Indicated(line);
        }

        errors.Add(
            new(
                pointer,
                text is null
                    ? "must be a number or a string that names a value"
                    : $"{error}; or one of {string.Join(", ", Names)}; or a number"
            )
        );
        return null;
    }

    private sealed record Number(double Value) : Operand
    {
        public override BoundOperand Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines) =>
            new(_ => Value, _ => Value);
    }

    private sealed record Price(PriceField Field) : Operand
    {
        public override bool IsForecast => Field == PriceField.Forecast;

        public override BoundOperand Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines) =>
            BoundOperand.Of(asset.Price(Field));
    }

    private sealed record Indicated(IndicatorLine Line) : Operand
    {
        public override IEnumerable<IndicatorLine> Lines => [Line];

        public override BoundOperand Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines) =>
            BoundOperand.Of(lines[Line]);
    }

    private sealed record OfPosition(string Name) : Operand
    {
        public override BoundOperand Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines)
        {
            var close = asset.Price(PriceField.Close);
            return Name switch
            {
                "position.profitPercent" => new(
                    bars => Held(bars, position => 100 * position.ProfitAt(close.Now(bars))),
                    bars => Held(bars, position => 100 * position.ProfitAt(close.Before(bars)), barsHeld: 2)
                ),
                "position.barsHeld" => new(
                    bars => Held(bars, position => position.BarsHeldAt(bars.Last)),
                    bars => Held(bars, position => position.BarsHeldAt(bars.Last - 1), barsHeld: 2)
                ),
                _ => new(
                    bars => Held(bars, position => position.EntryPrice),
                    bars => Held(bars, position => position.EntryPrice, barsHeld: 2)
                ),
            };
        }

        private static double Held(Prefix bars, Func<Position, double> value, int barsHeld = 1) =>
            bars.Position.BarsHeldAt(bars.Last) >= barsHeld ? value(bars.Position) : double.NaN;
    }
}
