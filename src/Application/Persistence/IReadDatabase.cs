using System.Data.Common;

namespace CryptoBeacon.Application.Persistence;

/// <summary>
/// Plain SQL with named parameters (<c>@from</c>), as the current user: the setting that row-level security reads and the statement travel in
/// one round trip. Inside a command it runs on the command's own connection and transaction. Columns map to properties by name,
/// <c>snake_case</c> to <c>PascalCase</c>; rows are records with <c>init</c> properties.
/// </summary>
public interface IReadDatabase
{
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken);

    /// <summary>The same with <paramref name="read"/> to make something of each row, where that time counts.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        object? parameters,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken
    );

    /// <summary>The only row, or null; more than one is a defect.</summary>
    Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken cancellationToken);

    /// <summary>Several statements in one round trip; <paramref name="read"/> takes their results in order.</summary>
    Task<T> QueryMultipleAsync<T>(
        string sql,
        object? parameters,
        Func<IResultSets, Task<T>> read,
        CancellationToken cancellationToken
    );

    /// <summary>The rows one by one as they arrive, for what must not be held in memory.</summary>
    IAsyncEnumerable<T> StreamAsync<T>(string sql, object? parameters, CancellationToken cancellationToken);

    /// <summary>The same with <paramref name="read"/> to make something of each row, where that time counts.</summary>
    IAsyncEnumerable<T> StreamAsync<T>(
        string sql,
        object? parameters,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken
    );
}

/// <summary>The results of several statements, one after the other.</summary>
public interface IResultSets
{
    Task<IReadOnlyList<T>> ReadAsync<T>();

    /// <summary>The same with <paramref name="read"/> to make something of each row, where that time counts.</summary>
    Task<IReadOnlyList<T>> ReadAsync<T>(Func<DbDataReader, T> read);

    Task<T?> ReadSingleOrDefaultAsync<T>();
}
