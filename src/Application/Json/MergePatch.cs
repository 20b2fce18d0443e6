using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Json;

/// <summary>
/// A JSON Merge Patch (RFC 7396): absent = unchanged, null = cleared. It is merged into a resource's writable state, which is then
/// read and validated as a whole, by the same rules that creation has.
/// </summary>
public sealed class MergePatch(JsonObject changes)
{
    public bool Touches(string property) => changes.ContainsKey(property);

    /// <summary>Whether the patch sets a property to null.</summary>
    public bool Clears(string property) => changes.TryGetPropertyValue(property, out var value) && value is null;

    /// <summary>The text that the patch sets a property to; null where it sets none.</summary>
    public string? Text(string property) =>
        changes[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text.Trim() : null;

    /// <summary>The state after the patch, or the field that cannot be so.</summary>
    public Result<TState> ApplyTo<TState>(TState current)
        where TState : class
    {
        var state = JsonSerializer.SerializeToNode(current, BeaconJson.Options)!.AsObject();
        var unknown = changes.Select(change => change.Key).FirstOrDefault(name => !state.ContainsKey(name));
        if (unknown is not null)
        {
            return Error.Invalid(unknown, "is not a writable property of this resource");
        }

        var merged = Merge(state, changes);
        try
        {
            return merged.Deserialize<TState>(BeaconJson.Options)!;
        }
        catch (JsonException exception)
        {
            return JsonErrors.ToError(exception);
        }
    }

    private static JsonObject Merge(JsonNode? target, JsonObject patch)
    {
        var merged = target is JsonObject ? target.DeepClone().AsObject() : [];
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = value is JsonObject inner ? Merge(merged[name], inner) : value.DeepClone();
            }
        }

        return merged;
    }
}
