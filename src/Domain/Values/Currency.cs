using System.Text.RegularExpressions;

namespace CryptoBeacon.Domain.Values;

/// <summary>What a price is in: an upper-case symbol of a fiat currency or a coin, such as <c>USD</c>, <c>EUR</c>, <c>BTC</c>.</summary>
public static partial class Currency
{
    public const string Default = "USD";
    private const string Form = "[A-Z0-9]{2,10}";
    public const string Pattern = $"^{Form}$";
    public const string Rule = $"must be an upper-case symbol such as USD, EUR or BTC: {Form}";

    public static bool IsValid(string? currency) => currency is not null && Symbol().IsMatch(currency);

    [GeneratedRegex($@"\A{Form}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();
}
