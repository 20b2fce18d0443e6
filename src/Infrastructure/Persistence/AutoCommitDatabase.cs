using CryptoBeacon.Application.Persistence;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>Outside a command the user's setting and the statement are one implicit transaction already; this holds that it is outside one.</summary>
internal sealed class AutoCommitDatabase(DbSession session, IReadDatabase database) : IAutoCommitDatabase
{
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        Outside(database).QueryAsync<T>(sql, parameters, cancellationToken);

    public Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        Outside(database).QuerySingleOrDefaultAsync<T>(sql, parameters, cancellationToken);

    private IReadDatabase Outside(IReadDatabase statements) =>
        session.IsActive
            ? throw new InvalidOperationException("What must commit by itself can't be part of a command's transaction.")
            : statements;
}
