namespace CryptoBeacon.Models.Domain.Strategies;

internal enum SizeKind
{
    /// <summary>A ratio of the equity, fee included; an entry gets less where others share the cash.</summary>
    Fraction,

    Quantity,

    /// <summary>Money, fee included.</summary>
    Amount,

    /// <summary>A ratio of the equity that a move by one average true range changes: volatile assets get less.</summary>
    AtrRisk,
}

/// <param name="AtrLength">Of <see cref="SizeKind.AtrRisk"/>.</param>
internal readonly record struct PositionSize(SizeKind Kind, double Value, int AtrLength = PositionSize.DefaultAtrLength)
{
    public const int DefaultAtrLength = 14;

    public static readonly Parameter AtrLengthBounds = new(
        "atrLength",
        ParameterType.Integer,
        "bars of the average true range",
        1,
        Indicators.IndicatorCatalogue.MaxLength,
        Default: DefaultAtrLength
    );

    public static readonly PositionSize All = new(SizeKind.Fraction, 1);

    /// <summary>Kinds by their names in <c>size</c>, each with its bounds; the least is not allowed itself.</summary>
    public static readonly IReadOnlyDictionary<string, (SizeKind Kind, double Maximum)> Names = new Dictionary<
        string,
        (SizeKind, double)
    >(StringComparer.Ordinal)
    {
        ["fraction"] = (SizeKind.Fraction, 1),
        ["quantity"] = (SizeKind.Quantity, 1e18),
        ["amount"] = (SizeKind.Amount, 1e15),
        ["atrRisk"] = (SizeKind.AtrRisk, 1),
    };
}

/// <summary>From a time since the entry on, the gain to leave at.</summary>
/// <param name="After">Milliseconds.</param>
/// <param name="Ratio">0.05 is five per cent.</param>
internal readonly record struct TakeProfitStep(long After, double Ratio);
