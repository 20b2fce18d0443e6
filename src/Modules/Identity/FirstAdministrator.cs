using System.Data.Common;
using System.Security.Cryptography;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;
using Dapper;

namespace CryptoBeacon.Identity;

/// <summary>
/// The way to an administrator that needs none: at start from the configuration, with an embedded database of itself, and on the command
/// line. It makes accounts and never changes one.
/// </summary>
internal sealed class FirstAdministrator(
    PasswordHasher passwords,
    BeaconOptions options,
    Deployment deployment,
    TimeProvider clock
) : IOwnerTask, IAdministrators
{
    private const string DefaultEmail = "admin@crypto-beacon.local";
    private const string ConfigurationKey = "CryptoBeacon:Admin";

    public async Task RunAsync(DbConnection owner, CancellationToken cancellationToken)
    {
        if (options.Admin is { Email: { } email, Password: { } password })
        {
            await MakeConfiguredAsync(owner, email.Trim(), password, cancellationToken);
        }
        else if (
            deployment.HasEmbeddedDatabase
            && !await owner.ExecuteScalarAsync<bool>("select identity.has_administrator()")
        )
        {
            var made = await CreateAsync(owner, DefaultEmail, password: null, cancellationToken);
            if (made.IsSuccess)
            {
                // To the terminal and not to the log: this is the one time that it is seen.
                await Console.Out.WriteLineAsync(
                    $"Administrator {DefaultEmail} was made. Password, shown this once: {made.Value}"
                );
            }
        }
    }

    public async Task<Result<string>> CreateAsync(
        DbConnection owner,
        string email,
        string? password,
        CancellationToken cancellationToken
    )
    {
        if (!EmailAddress.IsValid(email))
        {
            return Error.Invalid("email", "must be an e-mail address");
        }

        if (password is not null && PasswordRules.Complaint(password, email) is { } complaint)
        {
            return Error.Invalid("password", complaint);
        }

        password ??= RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24);
        return await MakeAsync(owner, email, password, cancellationToken) ? password : IdentityErrors.EmailTaken;
    }

    private async Task MakeConfiguredAsync(
        DbConnection owner,
        string email,
        string password,
        CancellationToken cancellationToken
    )
    {
        if (!EmailAddress.IsValid(email))
        {
            throw new ConfigurationException($"Configuration: {ConfigurationKey}:Email must be an e-mail address.");
        }

        // The length alone: who writes the configuration needs no protection from naming the account in its password.
        if (PasswordRules.LengthComplaint(password) is { } complaint)
        {
            throw new ConfigurationException($"Configuration: {ConfigurationKey}:Password {complaint}.");
        }

        await MakeAsync(owner, email, password, cancellationToken);
    }

    private async Task<bool> MakeAsync(
        DbConnection owner,
        string email,
        string password,
        CancellationToken cancellationToken
    ) =>
        await owner.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "select identity.register_administrator(@id, @email, @hash, null, @now)",
                new
                {
                    id = Uuid.New(),
                    email,
                    hash = await passwords.HashAsync(password, cancellationToken),
                    now = clock.UtcNow().UtcDateTime,
                },
                cancellationToken: cancellationToken
            )
        );
}
