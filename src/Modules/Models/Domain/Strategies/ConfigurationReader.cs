using System.Globalization;
using System.Text.Json;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>Reads a configuration by the parameters' data, and says of everything wrong where it stands.</summary>
internal sealed class ConfigurationReader
{
    public const int MaxTimes = 100_000;
    public const int MaxWeights = 200;

    private readonly List<ConfigurationError> _errors = [];

    private ConfigurationReader() { }

    public static StrategyConfiguration? Read(JsonElement json, out IReadOnlyList<ConfigurationError> errors)
    {
        var reader = new ConfigurationReader();
        errors = reader._errors;
        return reader.Read(json);
    }

    /// <summary>What is wrong with values by themselves, however they go together.</summary>
    public static IReadOnlyList<ConfigurationError> FaultsOfValues(JsonElement json)
    {
        var reader = new ConfigurationReader();
        reader.Read(json, checkTogether: false);
        return reader._errors;
    }

    private StrategyConfiguration? Read(JsonElement json, bool checkTogether = true)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse("", "must be an object with a strategy");
            return null;
        }

        var names = string.Join(", ", StrategyCatalogue.All.Select(known => known.Name));
        if (
            !json.TryGetProperty("strategy", out var name)
            || name.ValueKind != JsonValueKind.String
            || StrategyCatalogue.Find(name.GetString()) is not { } strategy
        )
        {
            Refuse("/strategy", $"must be one of {names}");
            return null;
        }

        var parameters = strategy.Parameters.Concat(CommonParameters.All).ToDictionary(p => p.Name);
        var values = parameters
            .Values.Where(parameter => parameter.Default is not null)
            .ToDictionary(parameter => parameter.Name, Default);
        foreach (var property in json.EnumerateObject().Where(property => property.Name != "strategy"))
        {
            var pointer = $"/{JsonPointer.Escape(property.Name)}";
            if (!parameters.TryGetValue(property.Name, out var parameter))
            {
                Refuse(pointer, $"is no parameter of {strategy.Name}");
            }
            else if (Value(parameter, property.Value, pointer) is { } value)
            {
                values[property.Name] = value;
            }
        }

        foreach (var missing in parameters.Values.Where(p => p.IsRequired && !json.TryGetProperty(p.Name, out _)))
        {
            Refuse($"/{missing.Name}", "is required");
        }

        if (_errors.Count > 0)
        {
            return null;
        }

        var configuration = new StrategyConfiguration(strategy, values, json);
        _errors.AddRange(checkTogether ? strategy.Check(configuration) : []);
        return _errors.Count > 0 ? null : configuration;
    }

    private static object Default(Parameter parameter) =>
        parameter.Type is ParameterType.Integer or ParameterType.Number
            ? Convert.ToDouble(parameter.Default, CultureInfo.InvariantCulture)
            : parameter.Default!;

    /// <returns>Null when it has been refused.</returns>
    private object? Value(Parameter parameter, JsonElement json, string pointer) =>
        parameter.Type switch
        {
            ParameterType.Integer or ParameterType.Number => Number(parameter, json, pointer),
            ParameterType.Boolean => json.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? json.GetBoolean()
                : Refuse(pointer, "must be true or false"),
            ParameterType.Choice => json.ValueKind == JsonValueKind.String
            && parameter.Choices!.Contains(json.GetString())
                ? json.GetString()
                : Refuse(pointer, $"must be one of {string.Join(", ", parameter.Choices!)}"),
            ParameterType.Times => Times(json, pointer),
            ParameterType.Weights => Weights(parameter, json, pointer),
            ParameterType.Condition => Condition.Read(json, pointer, _errors),
            ParameterType.Size => Size(json, pointer),
            ParameterType.ModelId => json.ValueKind == JsonValueKind.String && json.TryGetGuid(out var id)
                ? id
                : Refuse(pointer, "must be the id of a prediction model"),
            _ => Schedule(parameter, json, pointer),
        };

    private object? Number(Parameter parameter, JsonElement json, string pointer)
    {
        var isInteger = parameter.Type == ParameterType.Integer;
        if (
            StrategyConfiguration.TryNumber(json, out var number)
            && !(number < parameter.Minimum)
            && !(parameter.ExclusiveMinimum && number == parameter.Minimum)
            && !(number > parameter.Maximum)
            && (!isInteger || number == Math.Floor(number))
        )
        {
            return number;
        }

        var kind = isInteger ? "a whole number" : "a number";
        return Refuse(
            pointer,
            $"must be {kind} {(parameter.ExclusiveMinimum ? "above" : "from")} {Plain(parameter.Minimum)} to {Plain(parameter.Maximum)}"
        );
    }

    private object? Times(JsonElement json, string pointer)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() > MaxTimes)
        {
            return Refuse(pointer, $"must be a list of at most {MaxTimes} RFC 3339 times");
        }

        var times = new List<long>();
        foreach (var (item, i) in json.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (item.ValueKind == JsonValueKind.String && UtcTime.TryParse(item.GetString(), out var time))
            {
                times.Add(time.ToUnixTimeMilliseconds());
            }
            else
            {
                return Refuse($"{pointer}/{i}", "must be an RFC 3339 time");
            }
        }

        times.Sort();
        return times.ToArray();
    }

    private object? Weights(Parameter parameter, JsonElement json, string pointer)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Count() is 0 or > MaxWeights)
        {
            return Refuse(pointer, $"must be an object with 1 to {MaxWeights} coins");
        }

        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var coin in json.EnumerateObject())
        {
            var at = $"{pointer}/{JsonPointer.Escape(coin.Name)}";
            if (!CoinId.IsValid(coin.Name))
            {
                Refuse(at, CoinId.Rule);
            }
            else if (Number(parameter with { Type = ParameterType.Number }, coin.Value, at) is double weight)
            {
                weights[coin.Name] = weight;
            }
        }

        return weights;
    }

    private object? Size(JsonElement json, string pointer)
    {
        var given =
            json.ValueKind == JsonValueKind.Object
                ? json.EnumerateObject().Where(property => property.Name != "atrLength").ToArray()
                : [];
        if (given is not [var only] || !PositionSize.Names.TryGetValue(only.Name, out var size))
        {
            return Refuse(pointer, $"must be an object with one of {string.Join(", ", PositionSize.Names.Keys)}");
        }

        var bounds = new Parameter(only.Name, ParameterType.Number, "", 0, size.Maximum, ExclusiveMinimum: true);
        if (Number(bounds, only.Value, $"{pointer}/{only.Name}") is not double value)
        {
            return null;
        }

        if (!json.TryGetProperty("atrLength", out var length))
        {
            return new PositionSize(size.Kind, value);
        }

        var at = $"{pointer}/atrLength";
        return size.Kind != SizeKind.AtrRisk ? Refuse(at, "goes with atrRisk alone")
            : Number(PositionSize.AtrLengthBounds, length, at) is double bars
                ? new PositionSize(size.Kind, value, (int)bars)
            : null;
    }

    private object? Schedule(Parameter parameter, JsonElement json, string pointer)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is 0 or > CommonParameters.MaxSteps)
        {
            return Refuse(pointer, $"must be a list of 1 to {CommonParameters.MaxSteps} steps");
        }

        var steps = new List<TakeProfitStep>();
        foreach (var (step, i) in json.EnumerateArray().Select((step, i) => (step, i)))
        {
            var at = $"{pointer}/{i}";
            if (
                step.ValueKind != JsonValueKind.Object
                || step.EnumerateObject().Any(property => property.Name is not ("afterMinutes" or "percent"))
                || !step.TryGetProperty("afterMinutes", out var after)
                || !step.TryGetProperty("percent", out var percent)
            )
            {
                Refuse(at, "must be an object with afterMinutes and percent");
            }
            else if (
                Number(CommonParameters.AfterMinutes, after, $"{at}/afterMinutes") is double minutes
                && Number(parameter with { Type = ParameterType.Number }, percent, $"{at}/percent") is double gain
            )
            {
                steps.Add(new((long)(minutes * 60_000), gain / 100));
            }
        }

        if (steps.DistinctBy(step => step.After).Count() < steps.Count)
        {
            return Refuse(pointer, "must not have two steps of one time");
        }

        return (IReadOnlyList<TakeProfitStep>)[.. steps.OrderBy(step => step.After)];
    }

    private object? Refuse(string pointer, string message)
    {
        _errors.Add(new(pointer, message));
        return null;
    }

    private static string Plain(double? value) => Exact.Format((decimal)value!.Value);
}
