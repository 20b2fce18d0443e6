using CryptoBeacon.Identity.Security;
using Microsoft.IdentityModel.Tokens;

namespace CryptoBeacon.Identity.Features;

/// <summary>The public halves of the signing keys (RFC 7517), for whoever verifies access tokens elsewhere.</summary>
internal sealed record JwksDto(IReadOnlyList<JwkDto> Keys);

internal sealed record JwkDto(string Kty, string Use, string Alg, string Kid, string Crv, string X, string Y);

internal static class ListSigningKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder root) =>
        root.MapGet(
                "/.well-known/jwks.json",
                (SigningKeys keys, HttpResponse response) =>
                {
                    response.Headers.CacheControl = "public, max-age=300";
                    return TypedResults.Ok(new JwksDto([.. keys.All.Select(Describe)]));
                }
            )
            .WithName("ListSigningKeys")
            .WithSummary("The public keys that verify access tokens")
            .AllowAnonymous();

    private static JwkDto Describe(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new JwkDto(
            "EC",
            "sig",
            "ES256",
            key.KeyId,
            "P-256",
            Base64UrlEncoder.Encode(point.X!),
            Base64UrlEncoder.Encode(point.Y!)
        );
    }
}
