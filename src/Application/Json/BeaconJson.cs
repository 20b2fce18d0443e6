using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CryptoBeacon.Application.Http;

namespace CryptoBeacon.Application.Json;

/// <summary>The contract's conventions for JSON, for every body that comes or goes.</summary>
public static class BeaconJson
{
    public static readonly JsonSerializerOptions Options = Create();

    /// <summary>As <see cref="Options"/>, with the version that clients see as the ETag kept in the document: for what is stored and read back.</summary>
    public static readonly JsonSerializerOptions Storage = new(Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 64;
        // Answers are JSON, not HTML: "ü" and "+" need no escape.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { HideVersion } };
        options.Converters.Add(new WireNameConverter());
        options.Converters.Add(new ExactDecimalConverter());
        options.Converters.Add(new UtcTimeConverter());
        options.Converters.Add(new DurationConverter());
        options.Converters.Add(new TrimmedTextConverter());
        options.Converters.Add(new IdConverter());
        options.Converters.Add(new FreeObjectConverter());
    }

    private static void HideVersion(JsonTypeInfo type)
    {
        if (
            type.Type.IsAssignableTo(typeof(IVersioned))
            && type.Properties.FirstOrDefault(p => p.Name == "version") is { } version
        )
        {
            type.Properties.Remove(version);
        }
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
