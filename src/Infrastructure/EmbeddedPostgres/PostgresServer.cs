using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>
/// The server process of a cluster. pg_ctl starts it in a session of its own, so that Ctrl+C in the terminal reaches
/// the application alone, which then stops the server when it is done with it.
/// </summary>
internal sealed class PostgresServer(
    ClusterFolder folder,
    PostgresBinaries binaries,
    ServerAccount account,
    TimeProvider clock,
    ILogger logger
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // a large cluster may have much to recover
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private const long LargeLog = 16 * 1024 * 1024;

    private string PidFile => Path.Combine(folder.Data, "postmaster.pid");

    /// <summary>Starts the server and returns when it accepts connections; returns the reason when it does not.</summary>
    public async Task<string?> TryStartAsync(
        IEnumerable<KeyValuePair<string, string>> settings,
        CancellationToken cancellationToken
    )
    {
        if (new FileInfo(folder.Log) is { Exists: true, Length: > LargeLog })
            File.Move(folder.Log, folder.Log + ".old", overwrite: true);
        var logged = LogLength();

        var options = string.Join(' ', settings.Select(setting => $"-c {Quote($"{setting.Key}={setting.Value}")}"));
        var result = await ControlAsync(
            ["start", "--wait", $"--log={folder.Log}", $"--options={options}"],
            cancellationToken
        );
        return result.Succeeded ? null : $"{result.Output}\n{ReadLog(from: logged)}".Trim();
    }

    /// <summary>Stops the server in order: sessions are ended, what they have committed is kept.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (FindRunning() is null)
        {
            logger.HadStopped(folder.Path);
            return;
        }

        var result = await ControlAsync(["stop", "--wait", "--mode=fast"], cancellationToken);
        if (!result.Succeeded && FindRunning() is not null)
        {
            logger.StoppingAtOnce(folder.Path, result.Output);
            await ControlAsync(["stop", "--wait", "--mode=immediate"], cancellationToken);
        }
        logger.Stopped(folder.Path);
    }

    /// <summary>
    /// Clears the way after an application that was killed: its server is stopped, and a process id in
    /// postmaster.pid that belongs to something else by now is no obstacle. Call it only while holding the lock.
    /// </summary>
    public async Task StopLeftoverAsync(CancellationToken cancellationToken)
    {
        if (FindRunning() is { } processId)
        {
            logger.StoppingLeftover(processId);
            await StopAsync(cancellationToken);
        }
        await WaitForOrphansAsync(cancellationToken);

        // Whoever bears the id now is not our server, yet PostgreSQL, which only sees that it lives, would give up.
        if (ReadPidFile() is { } file && IsAlive(file.ProcessId))
            File.Delete(PidFile);
    }

    // Sessions of a postmaster that was killed end by themselves; until then the data is theirs.
    private async Task WaitForOrphansAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (ProcessesOfCluster().Any())
        {
            if (clock.GetElapsedTime(start) > Patience)
                throw new EmbeddedPostgresException(
                    $"Processes of a PostgreSQL that was killed still use {folder.Data}: "
                        + $"{string.Join(", ", ProcessesOfCluster())}. End them, then start again."
                );
            await Task.Delay(Poll, clock, cancellationToken);
        }
    }

    private int? FindRunning()
    {
        if (ReadPidFile() is not { } file || !IsAlive(file.ProcessId))
            return null;
        if (OperatingSystem.IsLinux())
            return ProcessesOfCluster().Contains(file.ProcessId) ? file.ProcessId : null;

        // Without /proc, the name and the time of its start tell whether it is the process that wrote the file.
        using var process = Process.GetProcessById(file.ProcessId);
        if (!process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
            return null;
        var difference = (process.StartTime.ToUniversalTime() - file.StartedAt.UtcDateTime).Duration();
        return difference < TimeSpan.FromMinutes(1)
            ? file.ProcessId
            : throw new EmbeddedPostgresException(
                $"{PidFile} names process {file.ProcessId}, which is a PostgreSQL, but seemingly not this one. "
                    + "Delete the file if no PostgreSQL uses that directory, then start again."
            );
    }

    // The current directory of the postmaster and of its sessions is the data directory.
    private IEnumerable<int> ProcessesOfCluster()
    {
        if (!OperatingSystem.IsLinux())
            yield break;

        foreach (var process in Directory.EnumerateDirectories("/proc"))
            if (
                int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id)
                && new FileInfo(Path.Combine(process, "cwd")).LinkTarget == folder.Data
            )
                yield return id;
    }

    private (int ProcessId, DateTimeOffset StartedAt)? ReadPidFile() =>
        TryReadPidFile() is [var id, _, var startedAt, ..]
        && int.TryParse(id, CultureInfo.InvariantCulture, out var processId)
        && long.TryParse(startedAt, CultureInfo.InvariantCulture, out var seconds)
            ? (processId, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private string[]? TryReadPidFile()
    {
        try
        {
            return File.ReadAllLines(PidFile);
        }
        catch (FileNotFoundException)
        {
            return null; // stopped in order, or never started
        }
    }

    private Task<CommandResult> ControlAsync(string[] arguments, CancellationToken cancellationToken) =>
        account.RunAsync(
            binaries.PgCtl,
            [
                .. arguments,
                "--silent",
                $"--pgdata={folder.Data}",
                string.Create(CultureInfo.InvariantCulture, $"--timeout={Patience.TotalSeconds}"),
            ],
            cancellationToken,
            // On Windows the server inherits pg_ctl's handles: reading them to their end would wait for its end.
            captureOutput: !OperatingSystem.IsWindows()
        );

    private long LogLength() => new FileInfo(folder.Log) is { Exists: true } log ? log.Length : 0;

    private string ReadLog(long from)
    {
        if (LogLength() <= from)
            return "";
        using var log = new FileStream(folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = from;
        using var reader = new StreamReader(log);
        return reader.ReadToEnd();
    }

    // pg_ctl hands the options to a shell.
    private static string Quote(string argument) =>
        OperatingSystem.IsWindows()
            ? $"\"{argument}\""
            : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
