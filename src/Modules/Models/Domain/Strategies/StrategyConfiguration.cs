using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <param name="Pointer">A JSON pointer (RFC 6901) into the configuration: <c>/fast</c>, <c>/entry/all/0/gt/1</c>; empty for the whole.</param>
internal sealed record ConfigurationError(string Pointer, string Message);

/// <summary>
/// A trading model's configuration, read and checked: <c>{"strategy": name, …}</c> with the strategy's parameters and the common ones.
/// </summary>
internal sealed class StrategyConfiguration
{
    // An average that never forgets, such as Wilder's, has forgotten its start to the last digit of a double after some forty times its length: a sweep, which reads as many candles as its
    // longest average wants, finds what a single run does.
    private const int Forgetting = 40;
    private const int MaxWarmUp = 50_000;

    private readonly IReadOnlyDictionary<string, object> _values;

    internal StrategyConfiguration(Strategy strategy, IReadOnlyDictionary<string, object> values, JsonElement json)
    {
        Strategy = strategy;
        _values = values;
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(json))));
    }

    public Strategy Strategy { get; }

    /// <summary>SHA-256, in lower-case hex, of the configuration as canonical JSON: properties in order, numbers in one spelling.</summary>
    public string Hash { get; }

    public bool SellsShort => (string)_values[CommonParameters.Direction.Name] == "both";

    public PositionSize Size => Optional<PositionSize>(CommonParameters.Size) ?? PositionSize.All;

    /// <summary>By ascending time; empty when there is none.</summary>
    public IReadOnlyList<TakeProfitStep> TakeProfitSchedule =>
        (IReadOnlyList<TakeProfitStep>?)_values.GetValueOrDefault(CommonParameters.TakeProfitSchedule.Name) ?? [];

    /// <summary>The lines that the engine computes over each asset: the strategy's, then the one that the size needs.</summary>
    public IReadOnlyList<IndicatorLine> Lines =>
        Size.Kind == SizeKind.AtrRisk
            ? [.. Strategy.Lines(this), IndicatorLine.Of("atr", Size.AtrLength)]
            : Strategy.Lines(this);

    /// <summary>How many numbers a bar its indicators have, lines that nobody asks for included.</summary>
    public int ValuesPerBar =>
        Lines.Select(line => line.Call).Distinct().Sum(call => call.Indicator.Lines.Count + call.Indicator.Scratch);

    /// <summary>How many candles before the first bar the indicators want: enough that what an average remembers of its start is gone.</summary>
    public int WarmUpBars =>
        Math.Min(MaxWarmUp, Forgetting * Lines.Select(line => line.Call.WarmUp).DefaultIfEmpty(0).Max());

    /// <param name="configuration">Read during the call only.</param>
    /// <param name="errors">All that is wrong; empty when a configuration is returned.</param>
    /// <returns>Null when there are errors.</returns>
    public static StrategyConfiguration? Read(
        JsonElement configuration,
        out IReadOnlyList<ConfigurationError> errors
    ) => ConfigurationReader.Read(configuration, out errors);

    public double Number(Parameter parameter) => (double)_values[parameter.Name];

    public int Integer(Parameter parameter) => (int)Number(parameter);

    public double? OptionalNumber(Parameter parameter) => Optional<double>(parameter);

    public bool Has(Parameter parameter) => _values.ContainsKey(parameter.Name);

    public bool Is(Parameter parameter) => (bool)_values[parameter.Name];

    /// <summary>Milliseconds since 1970, ascending; empty when there are none.</summary>
    public long[] Times(Parameter parameter) => (long[]?)_values.GetValueOrDefault(parameter.Name) ?? [];

    public IReadOnlyDictionary<string, double>? Weights(Parameter parameter) =>
        (IReadOnlyDictionary<string, double>?)_values.GetValueOrDefault(parameter.Name);

    public Condition? Condition(Parameter parameter) => (Condition?)_values.GetValueOrDefault(parameter.Name);

    /// <summary>A JSON number, or a string that holds one, as everywhere in the API.</summary>
    internal static bool TryNumber(JsonElement json, out double number)
    {
        var text = json.ValueKind switch
        {
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.String => json.GetString(),
            _ => "",
        };
        var isNumber = Exact.TryParse(text, json.ValueKind == JsonValueKind.Number, out var value);
        number = (double)value;
        return isNumber;
    }

    private T? Optional<T>(Parameter parameter)
        where T : struct => _values.TryGetValue(parameter.Name, out var value) ? (T)value : null;
}
