using System.Text.Json;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Prediction;
using CryptoBeacon.Models.Domain.Strategies;
using NJsonSchema;

namespace CryptoBeacon.Models.Configurations;

/// <summary>A strategy with the schema of its configuration.</summary>
/// <param name="Check">What the schema does not say; for configurations that it accepts.</param>
internal sealed record CatalogueEntry(
    ModelType Type,
    string Name,
    string Summary,
    JsonSchema Schema,
    Func<JsonElement, IReadOnlyList<ConfigurationError>> Check
);

/// <summary>What a model's <c>configuration.strategy</c> may name.</summary>
internal static class Catalogue
{
    public static readonly IReadOnlyList<CatalogueEntry> All =
    [
        .. StrategyCatalogue.All.Select(strategy => new CatalogueEntry(
            ModelType.Trading,
            strategy.Name,
            strategy.Summary,
            ConfigurationSchema.Of(strategy.Name, strategy.Summary, strategy.Parameters.Concat(CommonParameters.All)),
            configuration =>
            {
                var read = StrategyConfiguration.Read(configuration, out var errors);
                return read is null ? errors : [.. strategy.WithoutEffect(read)];
            }
        )),
        new CatalogueEntry(
            ModelType.Prediction,
            PredictionConfiguration.Name,
            PredictionConfiguration.Summary,
            PredictionConfiguration.Schema,
            configuration =>
            {
                PredictionConfiguration.Read(configuration, out var errors);
                return errors;
            }
        ),
    ];

    public static CatalogueEntry? Find(ModelType type, string? name) =>
        All.FirstOrDefault(entry => entry.Type == type && entry.Name == name);
}
