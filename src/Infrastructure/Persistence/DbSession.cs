using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using CryptoBeacon.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>
/// A scope's one connection. EF Core, Dapper and COPY all use it, so that a command needs no second one, whatever it does (a small pool
/// would deadlock).
/// </summary>
public sealed class DbSession(DataSources dataSources, CurrentUser user, IServiceProvider services)
    : IUnitOfWork,
        IAsyncDisposable
{
    /// <summary>A statement of a command, and its commit, may concern a whole file of trades.</summary>
    public const int CommandSeconds = 600;

    /// <summary>Of a query by itself.</summary>
    public const int QuerySeconds = 30;

    private NpgsqlConnection? _connection;
    private NpgsqlConnection? _replica;
    private NpgsqlTransaction? _transaction;
    private BeaconDbContext? _context;

    /// <summary>Set by who makes the scope, before anything is read: jobs log in as the worker.</summary>
    public DatabaseLogin Login { get; set; } = DatabaseLogin.App;

    public bool IsActive => _transaction is not null;

    public NpgsqlConnection Connection => _connection ??= dataSources.For(Login).CreateConnection();

    /// <summary>EF Core on this connection and in this transaction.</summary>
    public BeaconDbContext Context
    {
        get
        {
            if (_context is null)
            {
                _context = ActivatorUtilities.CreateInstance<BeaconDbContext>(services, Connection);
                if (_transaction is not null)
                {
                    _context.Database.UseTransaction(_transaction);
                }
            }

            return _context;
        }
    }

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (IsActive)
        {
            throw new InvalidOperationException("The scope's transaction has begun already.");
        }

        await OpenAsync(cancellationToken);
        _transaction = await Connection.BeginTransactionAsync(cancellationToken);
        if (_context is not null)
        {
            await _context.Database.UseTransactionAsync(_transaction, cancellationToken);
        }

        await using var setUser = new NpgsqlCommand(UserSettings.Sql, Connection, _transaction);
        foreach (var (name, value) in UserSettings.Of(user))
        {
            setUser.Parameters.AddWithValue(name, value);
        }

        await setUser.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Transaction.CommitAsync(cancellationToken);
        await EndAsync();
    }

    public async Task RollbackAsync()
    {
        if (_transaction is null)
        {
            return;
        }

        // Disposing rolls back, also where the connection has broken; what EF Core tracked is not what is stored any more.
        await EndAsync();
        _context?.ChangeTracker.Clear();
    }

    public IReadOnlyList<IDomainEvent> TakeEvents()
    {
        if (_context is null)
        {
            return [];
        }

        var entities = _context
            .ChangeTracker.Entries<Entity>()
            .Select(entry => entry.Entity)
            .Where(e => e.Events.Count > 0)
            .ToList();
        var events = entities.SelectMany(entity => entity.Events).ToList();
        entities.ForEach(entity => entity.ClearEvents());
        return events;
    }

    public NpgsqlTransaction Transaction =>
        _transaction ?? throw new InvalidOperationException("Rows are changed inside a command's transaction alone.");

    /// <summary>For reads: a replica where one is configured and no transaction runs, otherwise the scope's connection.</summary>
    public async Task<NpgsqlConnection> OpenForReadingAsync(CancellationToken cancellationToken)
    {
        if (IsActive || Login is not DatabaseLogin.App || dataSources.Replica is null)
        {
            return await OpenAsync(cancellationToken);
        }

        _replica ??= dataSources.Replica.CreateConnection();
        await _replica.OpenAsync(cancellationToken);
        return _replica;
    }

    /// <summary>Gives the connections back to their pools, unless a transaction runs; the next use borrows again.</summary>
    public async Task ReleaseAsync()
    {
        if (!IsActive && _connection is not null)
        {
            await _connection.CloseAsync();
        }

        if (_replica is not null)
        {
            await _replica.CloseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RollbackAsync();
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        if (_replica is not null)
        {
            await _replica.DisposeAsync();
        }
    }

    /// <summary>The scope's connection, borrowed from its pool.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (Connection.State != System.Data.ConnectionState.Open)
        {
            await Connection.OpenAsync(cancellationToken);
        }

        return Connection;
    }

    private async Task EndAsync()
    {
        var transaction = Transaction;
        _transaction = null;
        if (_context is not null)
        {
            await _context.Database.UseTransactionAsync(null);
        }

        await transaction.DisposeAsync();
        await ReleaseAsync();
    }
}

/// <summary>
/// Who asks, which row-level security reads, and from where, which the audit trail keeps: transaction-local, so that a pooled connection keeps nothing.
/// </summary>
internal static class UserSettings
{
    public const string Sql =
        "select set_config('app.user_id', @app_user_id, true), set_config('app.ip_address', @app_ip_address, true)";

    /// <summary>Nobody and nowhere are the empty text, which the database reads as NULL: no rows.</summary>
    public static IEnumerable<(string Name, string Value)> Of(CurrentUser user) =>
        [("app_user_id", user.IdOrNull?.ToString() ?? ""), ("app_ip_address", user.Address?.ToString() ?? "")];
}
