using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Models.Domain;

/// <summary>What makes a run repeatable: same hashes, version and seed, same result.</summary>
internal sealed record Reproducibility
{
    /// <summary>SHA-256 of the three below, in lower-case hex with a space between: where it and the run's terms are the same, so is the result.</summary>
    public string Hash =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{ConfigurationHash} {DataHash} {EngineVersion}"))
        );

    /// <summary>SHA-256 of the configuration as canonical JSON.</summary>
    public required string ConfigurationHash { get; init; }

    /// <summary>SHA-256 of the candles, warm-up included.</summary>
    public required string DataHash { get; init; }

    public required string EngineVersion { get; init; }

    /// <summary>Of what was drawn at random; null where nothing is.</summary>
    public int? Seed { get; init; }

    /// <summary>How many candles before the start were read to warm indicators up.</summary>
    public required int WarmUpBars { get; init; }

    /// <summary>Whether the stored candles differ from these now.</summary>
    public bool? DataChanged { get; init; }
}
