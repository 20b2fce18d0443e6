namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>
/// Files and directories that nobody else may read, from the moment they exist, and names that are unequivocal. (On
/// Windows they inherit the access rules of the data directory.)
/// </summary>
internal static class SafeFiles
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerReadsAndWrites;

        using var file = new FileStream(path, options);
        using (var writer = new StreamWriter(file, leaveOpen: true))
            writer.Write(content);
        file.Flush(flushToDisk: true);
    }

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerReadsAndWrites | UnixFileMode.UserExecute);
    }

    /// <summary>The one name of a directory that may be reached by several, over symbolic links.</summary>
    public static string RealPath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;

        var real = Path.Combine(RealPath(parent), Path.GetFileName(full));
        return Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target
            ? RealPath(target.FullName)
            : real;
    }
}
