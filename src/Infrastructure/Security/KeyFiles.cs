using CryptoBeacon.Application.Security;

namespace CryptoBeacon.Infrastructure.Security;

/// <summary>
/// Secrets that the configuration leaves unset: made once, kept in the data directory, readable by the owner alone. Instances that share the
/// directory find the same ones.
/// </summary>
public sealed class KeyFiles(string dataDirectory) : ISecretStore
{
    private readonly string _directory = Path.Combine(dataDirectory, "keys");

    /// <param name="name">The file's name in <c>keys/</c>.</param>
    /// <param name="make">Makes the content when there is none yet.</param>
    public string GetOrCreate(string name, Func<string> make)
    {
        CreatePrivateDirectory(_directory);
        var path = Path.Combine(_directory, name);
        if (!File.Exists(path))
        {
            // Written beside and linked into place: a kill in between leaves no half key, and of two starts at once one wins.
            var draft = Path.Combine(_directory, $".{name}.{Environment.ProcessId}");
            using (var file = new FileStream(draft, PrivateFile(FileMode.Create)))
            using (var writer = new StreamWriter(file))
            {
                writer.Write(make());
            }

            try
            {
                File.Move(draft, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(draft);
            }
        }

        return File.ReadAllText(path);
    }

    /// <summary>A directory in <c>keys/</c> for what a library keeps by itself, as private as the rest.</summary>
    public DirectoryInfo DirectoryOf(string name)
    {
        CreatePrivateDirectory(_directory);
        var path = Path.Combine(_directory, name);
        CreatePrivateDirectory(path);
        return new DirectoryInfo(path);
    }

    public void Replace(string name, Func<string, string> change)
    {
        var path = Path.Combine(_directory, name);
        // Of two at once the second is refused: it would start from what the first is about to replace.
        using var turn = new FileStream(Path.Combine(_directory, $".{name}.lock"), PrivateFile(FileMode.OpenOrCreate));
        var draft = Path.Combine(_directory, $".{name}.{Environment.ProcessId}");
        using (var file = new FileStream(draft, PrivateFile(FileMode.Create)))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(change(File.ReadAllText(path)));
        }

        File.Move(draft, path, overwrite: true);
    }

    private static FileStreamOptions PrivateFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static void CreatePrivateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
