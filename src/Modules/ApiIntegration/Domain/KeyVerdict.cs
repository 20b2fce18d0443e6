namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>What the exchange says of a key that may be kept.</summary>
/// <param name="IsChecked">False: it could not be asked.</param>
/// <param name="Permissions">In the exchange's words.</param>
internal sealed record KeyVerdict(bool IsChecked, IReadOnlyList<string>? Permissions = null)
{
    public static readonly KeyVerdict Unchecked = new(IsChecked: false);
}
