using System.Diagnostics;
using System.Globalization;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>
/// The operating system's user that PostgreSQL runs as: the one we are, or, since PostgreSQL refuses root, an
/// unprivileged one in its place.
/// </summary>
internal sealed class ServerAccount
{
    // What the server and its tools may see of our environment. Everything else stays out: PGPORT and its kin would
    // redirect them, and configured secrets are none of their business.
    private static readonly string[] PassedOn = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "ComSpec"];

    private readonly IReadOnlyList<string> _become;
    private readonly string? _owner;

    private ServerAccount(string name, IReadOnlyList<string> become, string? owner) =>
        (Name, _become, _owner) = (name, become, owner);

    public string Name { get; }

    /// <summary>Whether we are root and the server is not.</summary>
    public bool IsAnother => _owner is not null;

    /// <summary>The account for a cluster: its owner where root finds one that was made before.</summary>
    public static async Task<ServerAccount> ChooseAsync(string? existingCluster, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerAccount(Environment.UserName, [], owner: null);

        var owner = existingCluster is null ? null : await OwnerOfAsync(existingCluster, cancellationToken);
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4);
        var user =
            users.FirstOrDefault(fields => owner is not (null or "0") && fields[2] == owner)
            ?? users.FirstOrDefault(fields => fields[0] == "postgres")
            ?? users.FirstOrDefault(fields => fields[0] == "nobody")
            ?? throw new EmbeddedPostgresException(
                "PostgreSQL does not run as root, and there is no user 'postgres' to run it as. "
                    + "Create one (useradd --system postgres), or start as an ordinary user."
            );
        var (name, uid, gid) = (user[0], user[2], user[3]);

        if (Command.FindOnPath("setpriv") is { } setpriv)
            return new(name, [setpriv, "--reuid", uid, "--regid", gid, "--clear-groups", "--"], $"{uid}:{gid}");
        if (Command.FindOnPath("runuser") is { } runuser)
            return new(name, [runuser, "-u", name, "--"], $"{uid}:{gid}");
        throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and neither setpriv nor runuser (package util-linux) is there to change "
                + "the user. Install one, or start as an ordinary user."
        );
    }

    public async Task<CommandResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string input = "",
        bool captureOutput = true
    )
    {
        string[] command = [.. _become, program, .. arguments];
        // The current directory may be one that the other account can't enter.
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory),
        };
        foreach (var variable in start.Environment.Keys.Except(PassedOn, StringComparer.OrdinalIgnoreCase).ToList())
            start.Environment.Remove(variable);
        start.Environment["LC_ALL"] = "C";

        return await Command.RunAsync(start, cancellationToken, input, captureOutput);
    }

    /// <summary>Whether the account can enter the directory, by whatever modes and lists decide that.</summary>
    public async Task<bool> CanEnterAsync(string directory, CancellationToken cancellationToken) =>
        !IsAnother || (await RunAsync("test", ["-x", directory], cancellationToken)).Succeeded;

    /// <summary>Gives a directory that root has made to the account, with all that is in it.</summary>
    public async Task TakeOverAsync(string directory, CancellationToken cancellationToken)
    {
        if (_owner is null)
            return;

        var result = await Command.RunAsync(
            new ProcessStartInfo("chown", ["-R", _owner, "--", directory]),
            cancellationToken
        );
        if (!result.Succeeded)
            throw new EmbeddedPostgresException($"{directory} can't be given to the user {Name}: {result.Output}");
    }

    private static async Task<string> OwnerOfAsync(string path, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(new ProcessStartInfo("stat", ["-c", "%u", path]), cancellationToken);
        return int.TryParse(result.Output, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? result.Output
            : throw new EmbeddedPostgresException($"The owner of {path} can't be told: {result.Output}");
    }
}
