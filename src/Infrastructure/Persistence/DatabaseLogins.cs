using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>
/// The logins of requests and jobs, where only the owner's connection is configured. Their passwords are derived from one secret (HKDF, RFC 5869),
/// so that every instance finds the same ones.
/// </summary>
public static class DatabaseLogins
{
    private const string AppRole = "crypto_beacon_app";
    private const string WorkerRole = "crypto_beacon_worker";

    public static DatabaseConnections Derive(string owner, byte[] roleSecret) =>
        new(owner, For(owner, AppRole, roleSecret), For(owner, WorkerRole, roleSecret));

    /// <summary>Sets the derived passwords, unless the logins have them already.</summary>
    public static async Task EnsureAsync(DatabaseConnections connections, CancellationToken cancellationToken)
    {
        if (
            await CanLogInAsync(connections.App, cancellationToken)
            && await CanLogInAsync(connections.Worker, cancellationToken)
        )
        {
            return;
        }

        await using var owner = new NpgsqlConnection(connections.Owner);
        await owner.OpenAsync(cancellationToken);
        foreach (var login in new[] { connections.App, connections.Worker })
        {
            var settings = new NpgsqlConnectionStringBuilder(login);
            // ALTER ROLE takes no parameters: format() quotes them. One instance at a time, or the catalogue's row is updated twice at once.
            await owner.ExecuteAsync(
                new CommandDefinition(
                    """
                    select pg_advisory_lock(hashtextextended('crypto_beacon.logins', 0));
                    select set_config('app.login', @role, false), set_config('app.password', @password, false);
                    do $$
                    begin
                        execute format('alter role %I login password %L', current_setting('app.login'), current_setting('app.password'));
                    end;
                    $$;
                    select set_config('app.password', '', false), pg_advisory_unlock(hashtextextended('crypto_beacon.logins', 0));
                    """,
                    new { role = settings.Username, password = settings.Password },
                    cancellationToken: cancellationToken
                )
            );
        }
    }

    private static string For(string owner, string role, byte[] roleSecret)
    {
        var password = HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            roleSecret,
            32,
            info: Encoding.UTF8.GetBytes($"crypto-beacon login {role}")
        );
        return new NpgsqlConnectionStringBuilder(owner)
        {
            Username = role,
            Password = Convert.ToHexString(password),
        }.ConnectionString;
    }

    private static async Task<bool> CanLogInAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException exception)
            when (exception.SqlState
                    is PostgresErrorCodes.InvalidPassword
                        or PostgresErrorCodes.InvalidAuthorizationSpecification
            )
        {
            return false;
        }
    }
}
