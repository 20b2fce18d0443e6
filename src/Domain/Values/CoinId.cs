using System.Text.RegularExpressions;

namespace CryptoBeacon.Domain.Values;

/// <summary>A coin's slug, such as <c>bitcoin</c>: any of this form is valid, since <c>coins</c> is a catalogue, not a fence.</summary>
public static partial class CoinId
{
    public const int MaxLength = 64;
    private const string Form = "[a-z0-9][a-z0-9-]{0,63}";
    public const string Pattern = $"^{Form}$";
    public const string Rule = $"must be a lower-case slug such as bitcoin: {Form}";

    public static bool IsValid(string? coinId) => coinId is not null && Slug().IsMatch(coinId);

    [GeneratedRegex($@"\A{Form}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Slug();
}
