using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Configurations;

/// <summary>
/// Whether a configuration is one: first by the JSON Schema of its strategy, then, where that finds nothing, by its reader, which knows what no schema says (that
/// fast is less than slow). Each fault has its field, named as in any request, and its JSON pointer.
/// </summary>
internal static partial class ConfigurationRules
{
    private const string Root = "configuration";

    public static IEnumerable<(string Field, string Message)> Faults(ModelType type, JsonObject configuration) =>
        from fault in Check(type, configuration).DistinctBy(fault => fault.Pointer)
        select (Field(fault.Pointer), $"{fault.Message} (JSON pointer /{Root}{fault.Pointer})");

    private static IReadOnlyList<ConfigurationError> Check(ModelType type, JsonObject configuration)
    {
        var name =
            (configuration[ConfigurationSchema.StrategyKey] as JsonValue)?.TryGetValue<string>(out var text) == true
                ? text
                : null;
        if (Catalogue.Find(type, name) is not { } strategy)
        {
            return
            [
                new ConfigurationError(
                    $"/{ConfigurationSchema.StrategyKey}",
                    $"must be one of {string.Join(", ", Catalogue.All.Where(known => known.Type == type).Select(known => known.Name))}"
                ),
            ];
        }

        var bySchema = SchemaFaults
            .Of(strategy.Schema, PlainNumbers.Of(configuration)!.ToJsonString(BeaconJson.Options))
            .ToList();
        return bySchema.Count > 0 ? bySchema : strategy.Check(JsonSerializer.SerializeToElement(configuration));
    }

    /// <summary><c>/entry/all/0/gt/1</c> → <c>configuration.entry.all[0].gt[1]</c></summary>
    private static string Field(string pointer) =>
        Root
        + Part()
            .Replace(
                pointer,
                part =>
                    part.Groups["index"].Success
                        ? $"[{part.Groups["index"].Value}]"
                        : $".{JsonPointer.Unescape(part.Groups["name"].Value)}"
            );

    [GeneratedRegex(@"/(?:(?<index>\d+)(?=/|$)|(?<name>[^/]+))", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
