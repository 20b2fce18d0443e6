using System.Text.Json;

namespace CryptoBeacon.Application.Json;

/// <summary>An enum member's name as the contract and the database spell it: <c>EveryCrossing</c> is <c>every_crossing</c>.</summary>
public static class WireName
{
    public static string Of<TEnum>(TEnum member)
        where TEnum : struct, Enum => Names<TEnum>.ByMember[member];

    public static IEnumerable<string> All<TEnum>()
        where TEnum : struct, Enum => Names<TEnum>.ByMember.Values;

    /// <summary>What a client is told who gives any other text.</summary>
    public static string Rule<TEnum>()
        where TEnum : struct, Enum => $"must be one of {string.Join(", ", All<TEnum>())}";

    public static bool TryParse<TEnum>(string? name, out TEnum member)
        where TEnum : struct, Enum => Names<TEnum>.ByName.TryGetValue(name ?? "", out member);

    public static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum =>
        TryParse<TEnum>(name, out var member)
            ? member
            : throw new FormatException($"No {typeof(TEnum).Name} is named {name}.");

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> ByMember = Enum.GetValues<TEnum>()
            .ToDictionary(member => member, member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString()));

        public static readonly Dictionary<string, TEnum> ByName = ByMember.ToDictionary(
            pair => pair.Value,
            pair => pair.Key,
            StringComparer.Ordinal
        );
    }
}
