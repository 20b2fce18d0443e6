namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>What the configuration of every strategy may say.</summary>
internal static class CommonParameters
{
    public const int MaxSteps = 50;

    public static readonly Parameter Direction = new(
        "direction",
        ParameterType.Choice,
        "long buys and sells; both sells short as well",
        Default: "long",
        Choices: ["long", "both"]
    );

    public static readonly Parameter Size = new(
        "size",
        ParameterType.Size,
        "how much an entry buys: fraction of the equity (1 by default), a fixed quantity, a fixed amount of money with its fee, or atrRisk: the ratio of the equity that a move by one ATR (of atrLength bars) may cost"
    );

    public static readonly Parameter QuantityStep = new(
        "quantityStep",
        ParameterType.Number,
        "quantities are rounded down to a multiple of it",
        0,
        1e9,
        ExclusiveMinimum: true
    );

    public static readonly Parameter MinimumOrder = new(
        "minimumOrder",
        ParameterType.Number,
        "an entry of a smaller value is rejected",
        0,
        1e12
    );

    public static readonly Parameter StopLossPercent = new(
        "stopLossPercent",
        ParameterType.Number,
        "leaves at this loss from the entry price",
        0,
        100,
        ExclusiveMinimum: true
    );

    public static readonly Parameter TakeProfitPercent = new(
        "takeProfitPercent",
        ParameterType.Number,
        "leaves at this gain from the entry price",
        0,
        1e6,
        ExclusiveMinimum: true
    );

    public static readonly Parameter TakeProfitSchedule = new(
        "takeProfitSchedule",
        ParameterType.Schedule,
        "the gain to leave at, by minutes since the entry: each step holds from its time on",
        -100,
        1e6
    );

    public static readonly Parameter TakeProfitNetOfFees = new(
        "takeProfitNetOfFees",
        ParameterType.Boolean,
        "whether targets are what is left after both fees",
        Default: false
    );

    public static readonly Parameter TrailingStopPercent = new(
        "trailingStopPercent",
        ParameterType.Number,
        "leaves at this fall from the highest high up to the bar before",
        0,
        100,
        ExclusiveMinimum: true
    );

    public static readonly Parameter MaxBars = new(
        "maxBars",
        ParameterType.Integer,
        "leaves at the next open once a position has been held at this many closes",
        1,
        1e9
    );

    /// <summary>Of a step of <see cref="TakeProfitSchedule"/>.</summary>
    public static readonly Parameter AfterMinutes = new(
        "afterMinutes",
        ParameterType.Number,
        "minutes since the entry from which the step holds",
        0,
        1e8
    );

    public static readonly IReadOnlyList<Parameter> All =
    [
        Direction,
        Size,
        QuantityStep,
        MinimumOrder,
        StopLossPercent,
        TakeProfitPercent,
        TakeProfitSchedule,
        TakeProfitNetOfFees,
        TrailingStopPercent,
        MaxBars,
    ];
}
