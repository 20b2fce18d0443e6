using System.Data.Common;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Identity.Persistence;
using Dapper;

namespace CryptoBeacon.Identity.Security;

/// <summary>A server that can't open what is stored does not start: better than one that locks people out at their next sign-in.</summary>
internal sealed class SealedSecretsCheck(IFieldCipher cipher) : IOwnerTask
{
    public async Task RunAsync(DbConnection owner, CancellationToken cancellationToken)
    {
        var samples = await owner.QueryAsync<Sample>(
            new CommandDefinition(
                "select user_id as UserId, secret as Secret from identity.sealed_samples()",
                cancellationToken: cancellationToken
            )
        );
        foreach (var sample in samples)
        {
            try
            {
                cipher.Open(sample.Secret, MfaMethods.SecretOf(sample.UserId));
            }
            catch (SealedFieldException exception)
            {
                throw new ConfigurationException($"Configuration: CryptoBeacon:Encryption:Keys: {exception.Message}");
            }
        }
    }

    private sealed record Sample
    {
        public Guid UserId { get; init; }

        public required byte[] Secret { get; init; }
    }
}
