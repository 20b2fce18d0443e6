using System.Text.Json;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>
/// A condition of <c>rules</c>: <c>{"all":[…]}</c>, <c>{"any":[…]}</c>, <c>{"not":…}</c>, or a comparison <c>{"gt":[left,right]}</c> of two
/// <see cref="Operand"/>s. It is unknown where an operand has no value, and so is its contrary: nothing is done on what is not known.
/// </summary>
internal abstract record Condition
{
    public const int MaxNodes = 200;

    public static readonly IReadOnlyList<string> Comparisons =
    [
        "gt",
        "ge",
        "lt",
        "le",
        "crosses_above",
        "crosses_below",
    ];

    /// <summary>The indicators' lines that it looks at.</summary>
    public abstract IEnumerable<IndicatorLine> Lines { get; }

    /// <summary>Whether it compares what a prediction model says.</summary>
    public abstract bool AsksForecast { get; }

    /// <summary>What tells whether it holds on a close: true, false, or null where that is unknown.</summary>
    public abstract Func<Prefix, bool?> Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines);

    /// <returns>Null when <paramref name="errors"/> have been added.</returns>
    public static Condition? Read(JsonElement json, string pointer, List<ConfigurationError> errors)
    {
        var nodes = 0;
        return Read(json, pointer, errors, ref nodes);
    }

    private static Condition? Read(JsonElement json, string pointer, List<ConfigurationError> errors, ref int nodes)
    {
        if (++nodes > MaxNodes)
        {
            return Refuse(pointer, $"must have at most {MaxNodes} parts");
        }

        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().ToArray() is not [var only])
        {
            return Refuse(pointer, $"must be an object with one of all, any, not, {string.Join(", ", Comparisons)}");
        }

        var (inner, value) = ($"{pointer}/{JsonPointer.Escape(only.Name)}", only.Value);
        switch (only.Name)
        {
            case "not":
                return Read(value, inner, errors, ref nodes) is { } denied ? new Not(denied) : null;
            case "all" or "any":
                if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
                {
                    return Refuse(inner, "must be a list of at least one condition");
                }

                var parts = new List<Condition>();
                foreach (var (part, i) in value.EnumerateArray().Select((part, i) => (part, i)))
                {
                    if (nodes <= MaxNodes && Read(part, $"{inner}/{i}", errors, ref nodes) is { } read)
                    {
                        parts.Add(read);
                    }
                }

                return parts.Count == value.GetArrayLength() ? new Several(only.Name == "all", parts) : null;
            default:
                if (!Comparisons.Contains(only.Name))
                {
                    return Refuse(inner, $"is no condition: one of all, any, not, {string.Join(", ", Comparisons)}");
                }

                if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
                {
                    return Refuse(inner, "must be a list of two values to compare");
                }

                var left = Operand.Read(value[0], $"{inner}/0", errors);
                var right = Operand.Read(value[1], $"{inner}/1", errors);
                return left is null || right is null ? null : new Comparison(only.Name, left, right);
        }

        Condition? Refuse(string at, string message)
        {
            errors.Add(new(at, message));
            return null;
        }
    }

    private sealed record Not(Condition Inner) : Condition
    {
        public override IEnumerable<IndicatorLine> Lines => Inner.Lines;

        public override bool AsksForecast => Inner.AsksForecast;

        public override Func<Prefix, bool?> Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines)
        {
            var inner = Inner.Bind(asset, lines);
            return bars => !inner(bars);
        }
    }

    private sealed record Several(bool All, IReadOnlyList<Condition> Parts) : Condition
    {
        public override IEnumerable<IndicatorLine> Lines => Parts.SelectMany(part => part.Lines);

        public override bool AsksForecast => Parts.Any(part => part.AsksForecast);

        public override Func<Prefix, bool?> Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines)
        {
            Func<Prefix, bool?>[] parts = [.. Parts.Select(part => part.Bind(asset, lines))];
            var (all, decisive) = (All, !All);
            return bars =>
            {
                bool? result = all;
                foreach (var part in parts)
                {
                    var holds = part(bars);
                    if (holds == decisive)
                    {
                        return decisive;
                    }

                    result = holds is null ? null : result;
                }

                return result;
            };
        }
    }

    private sealed record Comparison(string Operator, Operand Left, Operand Right) : Condition
    {
        public override IEnumerable<IndicatorLine> Lines => Left.Lines.Concat(Right.Lines);

        public override bool AsksForecast => Left.IsForecast || Right.IsForecast;

        public override Func<Prefix, bool?> Bind(AssetView asset, IReadOnlyDictionary<IndicatorLine, Line> lines)
        {
            var (left, right) = (Left.Bind(asset, lines), Right.Bind(asset, lines));
            return Operator switch
            {
                "gt" => bars => Known(left.Now(bars) - right.Now(bars), difference => difference > 0),
                "ge" => bars => Known(left.Now(bars) - right.Now(bars), difference => difference >= 0),
                "lt" => bars => Known(left.Now(bars) - right.Now(bars), difference => difference < 0),
                "le" => bars => Known(left.Now(bars) - right.Now(bars), difference => difference <= 0),
                "crosses_above" => bars => Crosses(left, right, bars),
                _ => bars => Crosses(right, left, bars),
            };
        }

        private static bool? Known(double difference, Func<double, bool> holds) =>
            double.IsNaN(difference) ? null : holds(difference);

        private static bool? Crosses(BoundOperand over, BoundOperand under, Prefix bars)
        {
            var (now, before) = (over.Now(bars) - under.Now(bars), over.Before(bars) - under.Before(bars));
            return double.IsNaN(now) || double.IsNaN(before) ? null : before <= 0 && now > 0;
        }
    }
}
