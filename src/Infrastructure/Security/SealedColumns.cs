using System.Data.Common;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Application.Security;
using Dapper;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.Security;

/// <summary>
/// All that is sealed, of all modules. A server that can't open what is stored does not start: better than one that locks people out at their next
/// sign-in. The SQL is made of the names that the modules' code gives.
/// </summary>
public sealed partial class SealedColumns(
    IEnumerable<SealedColumn> columns,
    IFieldCipher cipher,
    BeaconOptions options,
    Deployment deployment,
    ILogger<SealedColumns> logger
) : IOwnerTask
{
    private const int BatchSize = 500;

    public async Task RunAsync(DbConnection owner, CancellationToken cancellationToken)
    {
        if (!deployment.HasEmbeddedDatabase && options.Encryption.Keys.Count == 0)
        {
            LogKeysApart(options.DataDirectory);
        }

        try
        {
            foreach (var column in columns)
            {
                foreach (var sample in await SamplesAsync(owner, column, cancellationToken))
                {
                    cipher.Open(sample.Value, column.Of(sample.Id));
                }
            }
        }
        catch (SealedFieldException exception)
        {
            throw new ConfigurationException($"Configuration: CryptoBeacon:Encryption:Keys: {exception.Message}");
        }
    }

    /// <summary>One rotation at a time: the turn is the connection's, and ends with it.</summary>
    /// <returns>False: another is at work.</returns>
    public static Task<bool> TryBeginRotationAsync(DbConnection owner, CancellationToken cancellationToken) =>
        owner.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "select pg_try_advisory_lock(hashtextextended('crypto_beacon.key_rotation', 0))",
                cancellationToken: cancellationToken
            )
        );

    /// <summary>Whether anything is wrapped by another key than the current one.</summary>
    public async Task<bool> HaveOutdatedAsync(DbConnection owner, CancellationToken cancellationToken)
    {
        foreach (var column in columns)
        {
            var samples = await SamplesAsync(owner, column, cancellationToken);
            if (samples.Any(sample => cipher.Rewrap(sample.Value) is not null))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Wraps every data key by the current key, row by row, each by itself: requests go on, and whoever is killed starts again where they want. A server
    /// may seal with the older key for a moment after the newer is there, so it goes round until there is nothing left.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<long> RewrapAsync(
        DbConnection owner,
        Action<SealedColumn, long> progress,
        CancellationToken cancellationToken
    )
    {
        var total = 0L;
        do
        {
            foreach (var column in columns)
            {
                total += await RewrapAsync(owner, column, rewrapped => progress(column, rewrapped), cancellationToken);
            }
        } while (await HaveOutdatedAsync(owner, cancellationToken));

        return total;
    }

    private async Task<long> RewrapAsync(
        DbConnection owner,
        SealedColumn column,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        var rewrapped = 0L;
        for (var after = Guid.Empty; ; )
        {
            var rows = await QueryAsync(
                owner,
                $"""
                select {column.IdColumn} as id, {Bytes(column)} as value
                from {column.Table}
                where {column.Column} is not null and {column.IdColumn} > @after
                order by {column.IdColumn}
                limit {BatchSize}
                """,
                new { after },
                cancellationToken
            );
            if (rows.Count == 0)
            {
                return rewrapped;
            }

            foreach (var row in rows)
            {
                if (cipher.Rewrap(row.Value) is { } value)
                {
                    // What somebody has sealed anew meanwhile stays.
                    rewrapped += await owner.ExecuteAsync(
                        new CommandDefinition(
                            $"update {column.Table} set {column.Column} = {Stored(column)} where {column.IdColumn} = @Id and {Bytes(column)} = @before",
                            new
                            {
                                row.Id,
                                value,
                                before = row.Value,
                            },
                            cancellationToken: cancellationToken
                        )
                    );
                }
            }

            after = rows[^1].Id;
            progress(rewrapped);
        }
    }

    /// <summary>One value for each key that seals any. A sealed value begins with a version and the length and letters of its key's id.</summary>
    private static Task<List<SealedRow>> SamplesAsync(
        DbConnection owner,
        SealedColumn column,
        CancellationToken cancellationToken
    ) =>
        QueryAsync(
            owner,
            $"""
            select distinct on (substring(value from 2 for 1 + get_byte(value, 1))) id, value
            from (select {column.IdColumn} as id, {Bytes(column)} as value from {column.Table}) sealed
            where value is not null
            """,
            new { },
            cancellationToken
        );

    private static string Bytes(SealedColumn column) =>
        column.IsText ? $"decode({column.Column}, 'base64')" : column.Column;

    /// <summary>PostgreSQL breaks base64 into lines.</summary>
    private static string Stored(SealedColumn column) =>
        column.IsText ? "translate(encode(@value, 'base64'), E'\\n', '')" : "@value";

    private static async Task<List<SealedRow>> QueryAsync(
        DbConnection owner,
        string sql,
        object parameters,
        CancellationToken cancellationToken
    ) =>
        (
            await owner.QueryAsync<SealedRow>(
                new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
            )
        ).AsList();

    [LoggerMessage(
        LogLevel.Warning,
        "The keys lie in {DataDirectory}, apart from the database: without them what it holds sealed is lost. Configure CryptoBeacon:Encryption:Keys from a secret store, or back the directory up"
    )]
    private partial void LogKeysApart(string dataDirectory);

    private sealed record SealedRow
    {
        public required Guid Id { get; init; }

        public required byte[] Value { get; init; }
    }
}
