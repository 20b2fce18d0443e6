namespace CryptoBeacon.Application.Persistence;

/// <summary>
/// Single statements that commit by themselves, for what must stay although the use case then refuses: a wrong password counts, a stolen
/// token ends its session. Inside a command's transaction there is no such thing and every member throws.
/// </summary>
public interface IAutoCommitDatabase
{
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken);

    /// <summary>The only row, or null; more than one is a defect.</summary>
    Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken cancellationToken);
}
