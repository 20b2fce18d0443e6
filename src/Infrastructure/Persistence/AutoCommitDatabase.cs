using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Infrastructure.Security;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>The user's setting and the statement are one batch, and so one implicit transaction, which commits as it ends. Never on a replica.</summary>
internal sealed class AutoCommitDatabase(DbSession session, CurrentUser user)
    : ReadDatabase(session, user),
        IAutoCommitDatabase
{
    protected override Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        Session.IsActive
            ? throw new InvalidOperationException(
                "What must commit by itself can't be part of a command's transaction."
            )
            : Session.OpenAsync(cancellationToken);
}
