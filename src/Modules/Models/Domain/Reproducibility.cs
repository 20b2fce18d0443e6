using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Models.Domain;

/// <summary>What makes a run repeatable: same hashes, version and seed, same result.</summary>
internal sealed record Reproducibility
{
    /// <summary>SHA-256, in lower-case hex, of those below that there are, in their order with a space between: where it is the same, so is the result.</summary>
    public string Hash =>
        Sha256(
            string.Join(' ', ConfigurationHash, DataHash, EngineVersion) + After(TermsHash) + After(ForecastModelHash)
        );

    /// <summary>SHA-256 of the configuration as canonical JSON.</summary>
    public required string ConfigurationHash { get; init; }

    /// <summary>SHA-256 of the candles, warm-up included.</summary>
    public required string DataHash { get; init; }

    public required string EngineVersion { get; init; }

    /// <summary>SHA-256 of assets, period, interval, capital and costs, and of what a sweep varies, as canonical JSON. Null of runs older than it.</summary>
    public string? TermsHash { get; init; }

    /// <summary>SHA-256 of the configuration, and the version, of what forecasts for a strategy; null where nothing does.</summary>
    public string? ForecastModelHash { get; init; }

    /// <summary>Of what was drawn at random; null where nothing is.</summary>
    public int? Seed { get; init; }

    /// <summary>How many candles before the start were read to warm indicators up.</summary>
    public required int WarmUpBars { get; init; }

    /// <summary>Whether the stored candles differ from these now, or the model that forecasts for the strategy does.</summary>
    public bool? DataChanged { get; init; }

    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string After(string? hash) => hash is null ? "" : $" {hash}";
}
