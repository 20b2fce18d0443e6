using System.IO.Pipelines;

namespace CryptoBeacon.Application.Privacy;

/// <summary>
/// Everything that is stored about the current user. What belongs to it is asked of the database and not of a list: every table with a column <c>user_id</c>,
/// and of it every column that the user's own login may read and whose name does not sound like a secret. A module's new table is in it at once.
/// </summary>
public interface IPersonalData
{
    /// <summary>One JSON document, a member a schema and in it an array a table, all as of one moment; never held in memory.</summary>
    Task WriteAsync(PipeWriter output, CancellationToken cancellationToken);
}
