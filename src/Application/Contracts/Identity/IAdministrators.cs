using System.Data.Common;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Contracts.Identity;

/// <summary>Makes administrators where there is no other to do it: for whoever holds the database owner's connection.</summary>
public interface IAdministrators
{
    /// <param name="password">Null: a random one is made.</param>
    /// <returns>The password, or why there is no such account now.</returns>
    Task<Result<string>> CreateAsync(
        DbConnection owner,
        string email,
        string? password,
        CancellationToken cancellationToken
    );
}
