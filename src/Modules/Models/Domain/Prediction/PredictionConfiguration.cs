using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Configurations;
using CryptoBeacon.Models.Domain.Indicators;
using CryptoBeacon.Models.Domain.Strategies;
using NJsonSchema;

namespace CryptoBeacon.Models.Domain.Prediction;

internal enum PredictionTarget
{
    /// <summary>Whether the next bar closes higher: a probability.</summary>
    Direction,

    /// <summary>By how much the next bar's close differs: a ratio.</summary>
    Return,
}

/// <summary>How a prediction model learns: boosted trees over lagged returns and indicators.</summary>
internal sealed record PredictionConfiguration
{
    public const string Name = "fast_tree";

    public const string Summary =
        "forecasts the next bar by gradient-boosted regression trees (ML.NET FastTree) over the last returns and indicators";

    private const string IndicatorsKey = "indicators";
    private const int MaxIndicators = 20;

    private static readonly IReadOnlyList<Parameter> Parameters =
    [
        new(
            "target",
            ParameterType.Choice,
            "the probability that the next close is higher, or its return",
            Default: "direction",
            Choices: [.. WireName.All<PredictionTarget>()]
        ),
        new("lags", ParameterType.Integer, "how many of the last returns it sees", 1, 50, Default: 5),
        new(
            "minimumBars",
            ParameterType.Integer,
            "how many bars it must have learnt from before its first forecast",
            20,
            100_000,
            Default: 100
        ),
        new(
            "windowBars",
            ParameterType.Integer,
            "it learns from so many of the last bars; from all that came before where absent",
            20,
            1_000_000
        ),
        new(
            "retrainEvery",
            ParameterType.Integer,
            "it learns anew after so many forecasts; where absent, once the bars before are a fiftieth more than when it last did",
            1,
            1_000_000
        ),
        new("trees", ParameterType.Integer, "how many trees", 1, 500, Default: 50),
        new("leaves", ParameterType.Integer, "how many leaves a tree has at most", 2, 128, Default: 8),
        new(
            "minimumLeafBars",
            ParameterType.Integer,
            "how many bars a leaf stands for at least",
            1,
            10_000,
            Default: 10
        ),
        new(
            "learningRate",
            ParameterType.Number,
            "how much of each tree's correction counts",
            0,
            1,
            Default: 0.1,
            ExclusiveMinimum: true
        ),
        new("seed", ParameterType.Integer, "of what is drawn at random", 0, int.MaxValue, Default: 1),
    ];

    public static readonly JsonSchema Schema = MakeSchema();

    public PredictionTarget Target { get; init; } = PredictionTarget.Direction;

    public int Lags { get; init; } = 5;

    public IReadOnlyList<string> Indicators { get; init; } = ["rsi(14)", "roc(10)"];

    public int MinimumBars { get; init; } = 100;

    public int? WindowBars { get; init; }

    public int? RetrainEvery { get; init; }

    public int Trees { get; init; } = 50;

    public int Leaves { get; init; } = 8;

    public int MinimumLeafBars { get; init; } = 10;

    public decimal LearningRate { get; init; } = 0.1m;

    public int Seed { get; init; } = 1;

    public string Strategy { get; init; } = Name;

    /// <summary>Of a configuration that the schema accepts.</summary>
    /// <returns>Null when there are errors.</returns>
    public static PredictionConfiguration? Read(JsonElement configuration, out IReadOnlyList<ConfigurationError> errors)
    {
        var read = PlainNumbers
            .Of(JsonObject.Create(configuration))
            .Deserialize<PredictionConfiguration>(BeaconJson.Options)!;
        errors =
        [
            .. from indicator in read.Indicators.Index()
            let error = IndicatorLine.Read(indicator.Item, out var wrong) is null ? wrong : null
            where error is not null
            select new ConfigurationError($"/{IndicatorsKey}/{indicator.Index}", error),
        ];
        if (read.LearningRate is <= 0 or > 1)
        {
            errors =
            [
                .. errors,
                new ConfigurationError("/learningRate", "must be a number greater than 0 and at most 1"),
            ];
        }

        return errors.Count == 0 ? read : null;
    }

    /// <summary>Whether a configuration is a prediction model's.</summary>
    public static bool IsOne(JsonElement configuration) =>
        configuration.TryGetProperty(ConfigurationSchema.StrategyKey, out var strategy)
        && strategy.ValueKind == JsonValueKind.String
        && strategy.ValueEquals(Name);

    /// <summary>SHA-256, in lower-case hex, of all values, those by default included.</summary>
    public string ComputeHash() =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, BeaconJson.Options)));

    private static JsonSchema MakeSchema()
    {
        var schema = ConfigurationSchema.Of(Name, Summary, Parameters);
        schema.Properties[IndicatorsKey] = new JsonSchemaProperty
        {
            Type = JsonObjectType.Array,
            MaxItems = MaxIndicators,
            Item = new JsonSchema { Type = JsonObjectType.String },
            Description = "what it sees beside the returns, such as rsi(14); rsi(14) and roc(10) where absent",
        };
        return schema;
    }
}
