using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>
/// The folder of a cluster: PostgreSQL's data, its log, its socket, and the two passwords. It belongs to the account
/// that the server runs as, and nobody else can enter it.
/// </summary>
internal sealed record ClusterFolder(string Path)
{
    public const string Superuser = "postgres";
    public const string Owner = "crypto_beacon_owner";
    public const string Database = "crypto_beacon";
    private const string Name = "postgres";

    public string Home => System.IO.Path.GetDirectoryName(Path)!;
    public string Data => System.IO.Path.Combine(Path, "data");
    public string Log => System.IO.Path.Combine(Path, "server.log");
    public string SocketDirectory => System.IO.Path.Combine(Path, "socket");
    public string SuperuserPassword => File.ReadAllText(PasswordFileOf(Superuser));
    public string OwnerPassword => File.ReadAllText(PasswordFileOf(Owner));
    public bool Exists => Directory.Exists(Path);

    /// <summary>The major version of PostgreSQL that made the cluster and that alone can serve it.</summary>
    public int MajorVersion =>
        int.Parse(
            File.ReadAllText(System.IO.Path.Combine(Data, "PG_VERSION")).AsSpan().Trim(),
            NumberStyles.None,
            CultureInfo.InvariantCulture
        );

    /// <summary>
    /// Where the cluster of this data directory is, or is to be made, and the account that serves it. A cluster that
    /// exists decides; a new one lies in the data directory, or elsewhere where the account can't reach that.
    /// </summary>
    public static async Task<(ClusterFolder Folder, ServerAccount Account)> LocateAsync(
        EmbeddedClusterOptions options,
        string dataDirectory,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var here = new ClusterFolder(System.IO.Path.Combine(dataDirectory, Name));
        var elsewhere = new ClusterFolder(
            System.IO.Path.Combine(options.FallbackDirectory, ShortNameOf(dataDirectory), Name)
        );
        var existing = new[] { here, elsewhere }.FirstOrDefault(folder => folder.Exists);
        var account = await ServerAccount.ChooseAsync(existing?.Path, cancellationToken);

        if (existing != elsewhere && await account.CanEnterAsync(dataDirectory, cancellationToken))
            return (here, account);
        if (existing == here)
            throw new EmbeddedPostgresException(
                $"The cluster in {here.Path} is there, but the user {account.Name}, whom PostgreSQL runs as, can't "
                    + "reach it. Let that user enter the directories above it (chmod o+x)."
            );

        Directory.CreateDirectory(elsewhere.Home);
        if (!await account.CanEnterAsync(elsewhere.Home, cancellationToken))
            throw new EmbeddedPostgresException(
                $"PostgreSQL runs as the user {account.Name}, who can reach neither {dataDirectory} nor "
                    + $"{elsewhere.Home}. Choose another CryptoBeacon:DataDirectory, or start as an ordinary user."
            );
        logger.LivesElsewhere(account.Name, dataDirectory, elsewhere.Path);
        return (elsewhere, account);
    }

    /// <summary>Makes the cluster, with its owner and its database, in one step that either happens or does not.</summary>
    public async Task MakeAsync(
        PostgresBinaries binaries,
        ServerAccount account,
        bool durable,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        logger.Making(binaries.MajorVersion, Path);
        using var building = DirectoryUnderConstruction.Of(Path, logger);
        var made = new ClusterFolder(building.Path);
        PrivateFiles.CreateDirectory(made.SocketDirectory);
        foreach (var login in new[] { Superuser, Owner })
            PrivateFiles.Write(
                made.PasswordFileOf(login),
                RandomNumberGenerator.GetHexString(stringLength: 48, lowercase: true)
            );
        var ownerPassword = made.OwnerPassword;
        await account.TakeOverAsync(made.Path, cancellationToken);

        string[] initdb =
        [
            $"--pgdata={made.Data}",
            $"--username={Superuser}",
            $"--pwfile={made.PasswordFileOf(Superuser)}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C", // sorts alike on every machine
            // Linux alone is sure to have this one, which knows the letters beyond ASCII.
            .. OperatingSystem.IsLinux() ? ["--lc-ctype=C.UTF-8"] : Array.Empty<string>(),
            "--data-checksums",
            "--no-sync", // all of it is synced once, below
        ];
        await RunAsync(binaries.Initdb, initdb);
        // A server of one session, without a port: nobody else can connect before the cluster is finished.
        await RunAsync(
            binaries.Postgres,
            ["--single", "-D", made.Data, "-c", "exit_on_error=on", "-c", "fsync=off", "postgres"],
            $"""
            create role {Owner} login createrole password '{ownerPassword}'
            create database {Database} owner {Owner}

            """
        );
        if (durable)
            await RunAsync(binaries.Initdb, ["--sync-only", $"--pgdata={made.Data}"]);
        building.Finish();

        async Task RunAsync(string program, string[] arguments, string input = "")
        {
            var result = await account.RunAsync(program, arguments, cancellationToken, input);
            if (!result.Succeeded)
                throw new EmbeddedPostgresException(
                    $"The PostgreSQL cluster in {Path} could not be made. {program} said: {result.Output}"
                );
        }
    }

    private string PasswordFileOf(string login) => System.IO.Path.Combine(Path, $"{login}.password");

    // The same for the same directory, different for two of the same last name, short enough for a socket.
    private static string ShortNameOf(string dataDirectory)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(dataDirectory));
        return $"data-{Convert.ToHexStringLower(hash.AsSpan(0, 6))}";
    }
}
