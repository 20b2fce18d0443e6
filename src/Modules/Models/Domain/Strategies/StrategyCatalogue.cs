namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>The strategies there are.</summary>
internal static class StrategyCatalogue
{
    public static readonly IReadOnlyList<Strategy> All = [];

    public static Strategy? Find(string? name) => All.FirstOrDefault(strategy => strategy.Name == name);
}
