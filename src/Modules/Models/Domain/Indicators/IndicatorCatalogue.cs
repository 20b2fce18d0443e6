namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>The indicators there are. To add one, write its formula and one entry here; a length that is not given is 14, other defaults are those of the indicator's author.</summary>
internal static class IndicatorCatalogue
{
    public const int MaxLength = 10_000;

    /// <summary>Of windows that are gone over bar by bar.</summary>
    public const int MaxWindow = 1_000;

    public static readonly IReadOnlyList<Indicator> All =
    [
        new(
            "sma",
            "simple moving average",
            [Length(1)],
            ["sma"],
            Less(1),
            (c, a, o, _) => Averages.Sma(c.Close, (int)a[0], o[0])
        ),
        new(
            "ema",
            "exponential moving average",
            [Length(1)],
            ["ema"],
            Less(1),
            (c, a, o, _) => Averages.Ema(c.Close, (int)a[0], o[0])
        ),
        new(
            "wma",
            "weighted moving average",
            [Window(1)],
            ["wma"],
            Less(1),
            (c, a, o, stop) => Averages.Wma(c.Close, (int)a[0], o[0], stop)
        ),
        new(
            "dema",
            "double exponential moving average",
            [Length(1)],
            ["dema"],
            Less(1),
            (c, a, o, _) => Averages.Dema(c.Close, (int)a[0], o[0])
        ),
        new(
            "tema",
            "triple exponential moving average",
            [Length(1)],
            ["tema"],
            Less(1),
            (c, a, o, _) => Averages.Tema(c.Close, (int)a[0], o[0])
        ),
        new(
            "hma",
            "Hull moving average",
            [Window(2)],
            ["hma"],
            a => (int)a[0] + (int)Math.Sqrt(a[0]) - 2,
            (c, a, o, stop) => Averages.Hma(c.Close, (int)a[0], o[0], stop)
        ),
        new(
            "kama",
            "Kaufman's adaptive moving average",
            [new("length", 10, 2, MaxWindow), new("fast", 2, 1, MaxLength), new("slow", 30, 1, MaxLength)],
            ["kama"],
            Less(1),
            (c, a, o, stop) => Averages.Kama(c.Close, (int)a[0], (int)a[1], (int)a[2], o[0], stop)
        )
        {
            Check = a => a[1] < a[2] ? null : "fast must be less than slow",
        },
        new(
            "vwma",
            "volume-weighted moving average",
            [Window(1)],
            ["vwma"],
            Less(1),
            (c, a, o, stop) => Averages.Vwma(c.Close, c.Volume, (int)a[0], o[0], stop)
        ),
        new(
            "vwap",
            "volume-weighted average price since the first candle",
            [],
            ["vwap"],
            _ => 0,
            (c, _, o, _) => Averages.Vwap(c.High, c.Low, c.Close, c.Volume, o[0])
        ),
        new(
            "macd",
            "moving average convergence and divergence",
            [new("fast", 12, 1, MaxLength), new("slow", 26, 2, MaxLength), new("signal", 9, 1, MaxLength)],
            ["macd", "signal", "histogram"],
            a => (int)(a[1] + a[2]) - 2,
            (c, a, o, _) => Oscillators.Macd(c.Close, (int)a[0], (int)a[1], (int)a[2], o[0], o[1], o[2])
        )
        {
            Check = a => a[0] < a[1] ? null : "fast must be less than slow",
        },
        new(
            "rsi",
            "relative strength index",
            [Length(1)],
            ["rsi"],
            Less(0),
            (c, a, o, _) => Oscillators.Rsi(c.Close, (int)a[0], o[0])
        ),
        new(
            "stoch",
            "stochastic oscillator",
            [Length(1), new("signal", 3, 1, MaxLength), new("smoothing", 3, 1, MaxLength)],
            ["oscillator", "signal", "percentJ"],
            a => (int)(a[0] + a[1] + a[2]) - 3,
            (c, a, o, stop) =>
                Oscillators.Stochastic(c.High, c.Low, c.Close, (int)a[0], (int)a[1], (int)a[2], o[0], o[1], o[2], stop)
        )
        {
            Aliases = ["stochastic"],
        },
        new(
            "stochrsi",
            "stochastic oscillator of the relative strength index",
            [
                new("rsi", 14, 1, MaxLength),
                Length(1),
                new("signal", 3, 1, MaxLength),
                new("smoothing", 1, 1, MaxLength),
            ],
            ["stochRsi", "signal"],
            a => (int)(a[0] + a[1] + a[2] + a[3]) - 3,
            (c, a, o, stop) =>
                Oscillators.StochasticRsi(c.Close, (int)a[0], (int)a[1], (int)a[2], (int)a[3], o[0], o[1], o[2], stop)
        )
        {
            Scratch = 1,
            Aliases = ["stoch-rsi"],
        },
        new(
            "adx",
            "average directional index, with the directional indicators +DI and −DI",
            [Length(2)],
            ["adx", "pdi", "mdi", "dx", "adxr"],
            a => (3 * (int)a[0]) - 1,
            (c, a, o, _) => Ranges.Adx(c.High, c.Low, c.Close, (int)a[0], o[0], o[1], o[2], o[3], o[4])
        ),
        new(
            "atr",
            "average true range",
            [Length(1)],
            ["atr"],
            Less(0),
            (c, a, o, _) => Ranges.Atr(c.High, c.Low, c.Close, (int)a[0], o[0])
        ),
        new(
            "bb",
            "Bollinger bands",
            [new("length", 20, 2, MaxWindow), new("deviations", 2, 0.01, 100, IsInteger: false)],
            ["sma", "upperBand", "lowerBand", "percentB", "zScore", "width"],
            Less(1),
            (c, a, o, stop) => Ranges.Bollinger(c.Close, (int)a[0], a[1], o[0], o[1], o[2], o[3], o[4], o[5], stop)
        )
        {
            Aliases = ["bollinger"],
        },
        new(
            "keltner",
            "Keltner channel",
            [
                new("length", 20, 2, MaxLength),
                new("multiple", 2, 0.01, 100, IsInteger: false),
                new("atr", 10, 1, MaxLength),
            ],
            ["centerline", "upperBand", "lowerBand", "width"],
            a => (int)Math.Max(a[0] - 1, a[2]),
            (c, a, o, _) => Ranges.Keltner(c.High, c.Low, c.Close, (int)a[0], a[1], (int)a[2], o[0], o[1], o[2], o[3])
        ),
        new(
            "donchian",
            "Donchian channel of the bars before",
            [new("length", 20, 1, MaxLength)],
            ["upperBand", "centerline", "lowerBand", "width"],
            Less(0),
            (c, a, o, stop) => Ranges.Donchian(c.High, c.Low, (int)a[0], o[0], o[1], o[2], o[3], stop)
        ),
        new(
            "cci",
            "commodity channel index",
            [new("length", 20, 1, MaxWindow)],
            ["cci"],
            Less(1),
            (c, a, o, stop) => Oscillators.Cci(c.High, c.Low, c.Close, (int)a[0], o[0], stop)
        ),
        new(
            "mfi",
            "money flow index",
            [Window(2)],
            ["mfi"],
            Less(0),
            (c, a, o, stop) => Oscillators.Mfi(c.High, c.Low, c.Close, c.Volume, (int)a[0], o[0], stop)
        ),
        new("obv", "on-balance volume", [], ["obv"], _ => 0, (c, _, o, _) => Oscillators.Obv(c.Close, c.Volume, o[0])),
        new(
            "roc",
            "rate of change in per cent",
            [Length(1)],
            ["roc"],
            Less(0),
            (c, a, o, _) => Oscillators.Roc(c.Close, (int)a[0], o[0])
        ),
        new(
            "willr",
            "Williams %R",
            [Length(1)],
            ["williamsR"],
            Less(1),
            (c, a, o, stop) => Oscillators.WilliamsR(c.High, c.Low, c.Close, (int)a[0], o[0], stop)
        )
        {
            Aliases = ["williamsr"],
        },
        new(
            "psar",
            "parabolic stop and reverse",
            [new("step", 0.02, 0.0001, 1, IsInteger: false), new("maximum", 0.2, 0.0001, 1, IsInteger: false)],
            ["sar"],
            _ => 50,
            (c, a, o, _) => Ranges.ParabolicSar(c.High, c.Low, a[0], a[1], o[0])
        )
        {
            Check = a => a[0] <= a[1] ? null : "step must not be more than maximum",
        },
        new(
            "supertrend",
            "SuperTrend",
            [new("length", 10, 1, MaxLength), new("multiple", 3, 0.01, 100, IsInteger: false)],
            ["superTrend", "upperBand", "lowerBand"],
            Less(0),
            (c, a, o, _) => Ranges.SuperTrend(c.High, c.Low, c.Close, (int)a[0], a[1], o[0], o[1], o[2])
        ),
        new(
            "aroon",
            "Aroon",
            [new("length", 25, 1, MaxWindow)],
            ["aroonUp", "aroonDown", "oscillator"],
            Less(0),
            (c, a, o, stop) => Oscillators.Aroon(c.High, c.Low, (int)a[0], o[0], o[1], o[2], stop)
        ),
        new(
            "stdev",
            "standard deviation of the population",
            [Window(2)],
            ["stdDev"],
            Less(1),
            (c, a, o, stop) => Ranges.StandardDeviation(c.Close, (int)a[0], o[0], stop)
        )
        {
            Aliases = ["stddev"],
        },
        new(
            "heikinashi",
            "candles of averages",
            [],
            ["open", "high", "low", "close"],
            _ => 0,
            (c, _, o, _) => Ranges.HeikinAshi(c.Open, c.High, c.Low, c.Close, o[0], o[1], o[2], o[3])
        ),
        new(
            "ichimoku",
            "Ichimoku cloud, without the lagging span",
            [new("conversion", 9, 1, MaxLength), new("base", 26, 2, MaxLength), new("span", 52, 3, MaxLength)],
            ["tenkanSen", "kijunSen", "senkouSpanA", "senkouSpanB"],
            a => (int)(a[1] + Math.Max(a[1], a[2])) - 1,
            (c, a, o, stop) =>
                Ranges.Ichimoku(c.High, c.Low, (int)a[0], (int)a[1], (int)a[2], o[0], o[1], o[2], o[3], stop)
        ),
    ];

    private static readonly Dictionary<string, Indicator> ByName = All.SelectMany(indicator =>
            indicator.Aliases.Append(indicator.Name).Select(name => (name, indicator))
        )
        .ToDictionary(entry => entry.name, entry => entry.indicator, StringComparer.Ordinal);

    public static Indicator? Find(string name) => ByName.GetValueOrDefault(name);

    private static IndicatorArgument Length(int least) => new("length", 14, least, MaxLength);

    private static IndicatorArgument Window(int least) => new("length", 14, least, MaxWindow);

    private static Func<double[], int> Less(int bars) => arguments => (int)arguments[0] - bars;
}
