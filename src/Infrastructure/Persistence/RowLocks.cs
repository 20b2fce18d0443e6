using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>Locks the rows of a query that carries the tag. EF Core has no word of its own for it.</summary>
internal sealed class RowLocks : DbCommandInterceptor
{
    public const string Tag = "for update";

    public static readonly RowLocks Instance = new();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.CommandText.StartsWith($"-- {Tag}", StringComparison.Ordinal))
        {
            command.CommandText += "\nFOR UPDATE";
        }

        return ValueTask.FromResult(result);
    }
}
