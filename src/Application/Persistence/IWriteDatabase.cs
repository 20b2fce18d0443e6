using System.Data.Common;

namespace CryptoBeacon.Application.Persistence;

/// <summary>
/// The set-based side of a command: SQL that changes rows, in the command's transaction and as its user. Outside a command there is no
/// transaction and every member throws.
/// </summary>
public interface IWriteDatabase
{
    /// <returns>The number of rows changed.</returns>
    Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken);

    /// <summary>For statements with RETURNING.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken);

    /// <summary>
    /// Serialises what concerns these keys until the transaction ends, across servers, whether their rows exist yet or not. Locks are taken in
    /// a fixed order, so that two commands with the same keys can't deadlock.
    /// </summary>
    Task LockAsync(IEnumerable<string> keys, CancellationToken cancellationToken);

    /// <summary>Binary COPY: <paramref name="copyCommand"/> is <c>COPY table (columns) FROM STDIN (FORMAT BINARY)</c>, a row an array of values.</summary>
    Task<ulong> CopyAsync(string copyCommand, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken);

    DbConnection Connection { get; }
}
