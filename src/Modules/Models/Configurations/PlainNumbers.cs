using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Models.Configurations;

/// <summary>To JSON Schema 10.0 and 1e1 are the integer 10, to most readers they are not.</summary>
internal static class PlainNumbers
{
    /// <summary>The same with its numbers in plain notation.</summary>
    public static JsonNode? Of(JsonNode? node) =>
        node switch
        {
            JsonObject properties => new JsonObject(
                properties.Select(property => KeyValuePair.Create(property.Key, Of(property.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Of)]),
            JsonValue value
                when value.GetValueKind() == JsonValueKind.Number
                    && Exact.TryParse(value.ToJsonString(), allowExponent: true, out var number) => JsonNode.Parse(
                Exact.Format(number)
            ),
            _ => node?.DeepClone(),
        };
}
