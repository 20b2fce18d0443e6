using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Application.Security;

/// <summary>
/// A webhook's secret and what it signs (Standard Webhooks, v1): base64, with <c>whsec_</c> before it or not, as the specification's libraries read it; any
/// other text is taken to the letter.
/// </summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";

    public static bool IsValid(string secret) =>
        !secret.StartsWith(Prefix, StringComparison.Ordinal) || FromBase64(secret[Prefix.Length..]) is { Length: > 0 };

    /// <returns>Such as <c>v1,K5oZ…</c></returns>
    public static string Sign(string secret, string messageId, long timestamp, string body) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(KeyOf(secret), Encoding.UTF8.GetBytes($"{messageId}.{timestamp}.{body}"))
        );

    private static byte[] KeyOf(string secret)
    {
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        return FromBase64(text) ?? Encoding.UTF8.GetBytes(secret);
    }

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
