using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>rules</c>: conditions over indicators, prices and the position.</summary>
internal sealed class Rules()
    : Strategy(
        "rules",
        "enters and leaves where conditions over indicators, prices and the position hold on a close",
        Entry,
        Exit,
        ShortEntry,
        ShortExit,
        ForecastModel
    )
{
    public static readonly Parameter Entry = new(
        "entry",
        ParameterType.Condition,
        "buys where it holds",
        IsRequired: true
    );

    public static readonly Parameter Exit = new("exit", ParameterType.Condition, "sells where it holds");

    public static readonly Parameter ShortEntry = new(
        "shortEntry",
        ParameterType.Condition,
        "sells short where it holds, with direction both"
    );

    public static readonly Parameter ShortExit = new("shortExit", ParameterType.Condition, "buys back where it holds");

    /// <summary>Whose forecasts the operand <c>forecast</c> has; see <see cref="Engine.CandleSeries.Forecast"/>.</summary>
    public static readonly Parameter ForecastModel = new(
        "forecastModel",
        ParameterType.ModelId,
        "the prediction model that forecast speaks of: at each bar what it had learnt by then says of the next"
    );

    private static readonly Parameter[] All = [Entry, Exit, ShortEntry, ShortExit];

    public override IReadOnlyList<IndicatorLine> Lines(StrategyConfiguration configuration) =>
        [
            .. All.Select(configuration.Condition)
                .SelectMany(condition => condition is null ? [] : condition.Lines)
                .Distinct(),
        ];

    public override IEnumerable<ConfigurationError> WithoutEffect(StrategyConfiguration configuration)
    {
        if (All.Any(part => configuration.Condition(part)?.AsksForecast == true) && !configuration.Has(ForecastModel))
        {
            yield return new("/forecastModel", "is required where a condition compares forecast");
        }

        if (configuration.Has(ShortEntry) && !configuration.SellsShort)
        {
            yield return new("/shortEntry", "needs the direction both");
        }
    }

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset)
    {
        var lines = Lines(configuration).Zip(asset.Lines).ToDictionary(pair => pair.First, pair => pair.Second);
        return SignalSource.Of(new Tree(Bound(Entry), Bound(Exit), Bound(ShortEntry), Bound(ShortExit)));

        Func<Prefix, bool?>? Bound(Parameter parameter) => configuration.Condition(parameter)?.Bind(asset, lines);
    }

    private readonly struct Tree(
        Func<Prefix, bool?>? entry,
        Func<Prefix, bool?>? exit,
        Func<Prefix, bool?>? shortEntry,
        Func<Prefix, bool?>? shortExit
    ) : IRule
    {
        public Signal Decide(Prefix bars)
        {
            var kind = SignalKind.None;
            switch (bars.Position.Direction)
            {
                case > 0:
                    kind |= exit?.Invoke(bars) == true ? SignalKind.ExitLong : 0;
                    break;
                case < 0:
                    kind |= shortExit?.Invoke(bars) == true ? SignalKind.ExitShort : 0;
                    break;
            }

            kind |= entry?.Invoke(bars) == true ? SignalKind.EnterLong : 0;
            kind |= shortEntry?.Invoke(bars) == true ? SignalKind.EnterShort : 0;
            return new(kind);
        }
    }
}
