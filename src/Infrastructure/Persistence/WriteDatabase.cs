using System.Data.Common;
using CryptoBeacon.Application.Persistence;
using Dapper;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

internal sealed class WriteDatabase(DbSession session) : IWriteDatabase
{
    static WriteDatabase() => DapperConventions.Apply();

    public DbConnection Connection => session.Transaction.Connection!;

    public Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(Command(sql, parameters, cancellationToken));

    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => (await session.Connection.QueryAsync<T>(Command(sql, parameters, cancellationToken))).AsList();

    public Task LockAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        _ = session.Transaction;
        var locks = keys.Select(LockKey).Distinct().Order().ToArray();
        return locks.Length == 0
            ? Task.CompletedTask
            : ExecuteAsync(
                // The order of the array is the order of the locks.
                "select pg_advisory_xact_lock(lock_key) from unnest(@locks) with ordinality as locks (lock_key, position) order by position",
                new { locks },
                cancellationToken
            );
    }

    public async Task<ulong> CopyAsync(
        string copyCommand,
        IAsyncEnumerable<object?[]> rows,
        CancellationToken cancellationToken
    )
    {
        _ = session.Transaction;
        await using var importer = await session.Connection.BeginBinaryImportAsync(copyCommand, cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await importer.StartRowAsync(cancellationToken);
            foreach (var value in row)
            {
                await WriteAsync(importer, value);
            }
        }

        return await importer.CompleteAsync(cancellationToken);
    }

    /// <summary>
    /// By its type, since a value of unknown type is looked up each time; and without the token, which would be registered for each value by the million: whoever
    /// asks to stop is heard once a row.
    /// </summary>
    private static Task WriteAsync(NpgsqlBinaryImporter importer, object? value) =>
        value switch
        {
            null => importer.WriteNullAsync(CancellationToken.None),
            string text => importer.WriteAsync(text, CancellationToken.None),
            decimal number => importer.WriteAsync(number, CancellationToken.None),
            long number => importer.WriteAsync(number, CancellationToken.None),
            int number => importer.WriteAsync(number, CancellationToken.None),
            short number => importer.WriteAsync(number, CancellationToken.None),
            bool flag => importer.WriteAsync(flag, CancellationToken.None),
            DateTime time => importer.WriteAsync(time, CancellationToken.None),
            byte[] bytes => importer.WriteAsync(bytes, CancellationToken.None),
            string[] texts => importer.WriteAsync(texts, CancellationToken.None),
            _ => importer.WriteAsync(value, CancellationToken.None),
        };

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, session.Transaction, DbSession.CommandSeconds, cancellationToken: cancellationToken);

    /// <summary>64 bits of SHA-256: two keys that collide wait for each other now and then, and nothing worse.</summary>
    private static long LockKey(string key) =>
        BitConverter.ToInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
}
