using System.Data.Common;

namespace CryptoBeacon.Application.Modularity;

/// <summary>
/// What must be done at a start after the migrations and before the first request, with the rights of the database's owner, which no request has.
/// Several instances may do it at once.
/// </summary>
public interface IOwnerTask
{
    Task RunAsync(DbConnection owner, CancellationToken cancellationToken);
}
