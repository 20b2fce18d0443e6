using System.Globalization;
using System.Text.Json;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>Who uses the data directory, and where its server listened last.</summary>
internal sealed record ClusterState(
    string DataDirectory,
    int HolderProcessId,
    DateTimeOffset HeldSince,
    int? Port = null,
    string? SocketDirectory = null
);

/// <summary>
/// Keeps a data directory to one application at a time. The operating system holds the lock, so that it ends with the
/// process, however that ends. The state lies beside it, since nobody can read a file that is locked.
/// </summary>
/// <remarks>
/// Both lie outside the cluster's folder: root doesn't write where another user could have laid a symbolic link.
/// </remarks>
internal sealed class ClusterLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _stateFile;

    private ClusterLock(FileStream @lock, string stateFile, ClusterState state) =>
        (_lock, _stateFile, State) = (@lock, stateFile, state);

    public ClusterState State { get; private set; }

    public static ClusterLock Acquire(string dataDirectory, TimeProvider clock)
    {
        var stateFile = Path.Combine(dataDirectory, "postgres.json");
        FileStream? @lock = null;
        try
        {
            Directory.CreateDirectory(dataDirectory);
            @lock = new FileStream(
                Path.Combine(dataDirectory, "postgres.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
            // A copy of a data directory does not listen where the original does.
            var last = Read(stateFile) is { } state && state.DataDirectory == dataDirectory ? state : null;
            var held = new ClusterLock(
                @lock,
                stateFile,
                new(dataDirectory, Environment.ProcessId, clock.GetUtcNow(), last?.Port, last?.SocketDirectory)
            );
            held.Save(held.State);
            return held;
        }
        catch (IOException exception) when (@lock is null && IsSharingViolation(exception))
        {
            throw new EmbeddedPostgresException(HeldBySomebody(dataDirectory, Read(stateFile)), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            @lock?.Dispose();
            throw new EmbeddedPostgresException(
                $"The data directory {dataDirectory} can't be written: {exception.Message} "
                    + "Start as the user it belongs to, or choose another by CryptoBeacon:DataDirectory.",
                exception
            );
        }
    }

    public void Save(ClusterState state)
    {
        var written = _stateFile + ".new";
        PrivateFiles.Write(written, JsonSerializer.Serialize(state));
        File.Move(written, _stateFile, overwrite: true); // a reader sees the old one or the new one, never half of it
        State = state;
    }

    public void Dispose() => _lock.Dispose();

    private static ClusterState? Read(string stateFile)
    {
        try
        {
            return JsonSerializer.Deserialize<ClusterState>(File.ReadAllText(stateFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // what it tells can be done without
        }
    }

    private static string HeldBySomebody(string dataDirectory, ClusterState? holder)
    {
        var who = holder is null
            ? "another process"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"process {holder.HolderProcessId} since {holder.HeldSince:yyyy-MM-dd HH:mm:ss}Z"
            );
        return $"The data directory {dataDirectory} is in use by {who}. "
            + "Stop it first, or choose another by CryptoBeacon:DataDirectory.";
    }

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsSharingViolation(IOException exception) =>
        exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
