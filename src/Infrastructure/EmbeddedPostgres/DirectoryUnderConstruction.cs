using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>
/// A directory that appears under its name whole or not at all: it is made beside it and renamed at the end. What a
/// killed process left half made goes when the next one starts over.
/// </summary>
internal sealed class DirectoryUnderConstruction : IDisposable
{
    private const string Mark = ".unfinished-";
    private readonly string _finalPath;
    private readonly ILogger _logger;

    private DirectoryUnderConstruction(string path, string finalPath, ILogger logger) =>
        (Path, _finalPath, _logger) = (path, finalPath, logger);

    public string Path { get; }

    public static DirectoryUnderConstruction Of(string finalPath, ILogger logger)
    {
        var parent = System.IO.Path.GetDirectoryName(finalPath)!;
        foreach (var leftover in Directory.GetDirectories(parent, System.IO.Path.GetFileName(finalPath) + Mark + "*"))
            Remove(leftover, logger);

        // A new name each time: an initdb that outlived its killed application may still be writing to the old one.
        var path = finalPath + Mark + RandomNumberGenerator.GetHexString(8, lowercase: true);
        PrivateFiles.CreateDirectory(path);
        return new DirectoryUnderConstruction(path, finalPath, logger);
    }

    public void Finish() => Directory.Move(Path, _finalPath);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Remove(Path, _logger);
    }

    private static void Remove(string directory, ILogger logger)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LeftoverStays(exception, directory); // nothing reads it, and the next start tries again
        }
    }
}
