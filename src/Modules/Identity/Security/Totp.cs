using OtpNet;
using QRCoder;

namespace CryptoBeacon.Identity.Security;

/// <summary>Time-based one-time passwords (RFC 6238), as every authenticator app makes them: SHA-1, six digits, thirty seconds.</summary>
internal static class Totp
{
    private const int SecretSize = 20;
    private const int Digits = 6;
    private const string Issuer = "Crypto Beacon";

    // One step either way, for clocks that differ and people who type slowly.
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public static byte[] NewSecret() => KeyGeneration.GenerateRandomKey(SecretSize);

    public static bool HasForm(string code) => code.Length == Digits && code.All(char.IsAsciiDigit);

    /// <returns>The time step that the code is of; null: of none by now. Whether it was shown before is the database's to say.</returns>
    public static long? FindStep(byte[] secret, string code, DateTimeOffset now) =>
        new OtpNet.Totp(secret, totpSize: Digits).VerifyTotp(now.UtcDateTime, code, out var step, Window) ? step : null;

    public static string ToText(byte[] secret) => Base32Encoding.ToString(secret).TrimEnd('=');

    public static string ToUri(byte[] secret, string account) =>
        new OtpUri(OtpType.Totp, secret, account, Issuer, digits: Digits).ToString();

    public static string ToQrSvg(string uri)
    {
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        return svg.GetGraphic(
            pixelsPerModule: 4,
            darkColorHex: "#000000",
            lightColorHex: "#ffffff",
            sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute
        );
    }
}
