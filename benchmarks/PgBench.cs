using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>PostgreSQL's own load generator: what the database gives to clients that do nothing but ask.</summary>
internal sealed partial class PgBench : IDisposable
{
    /// <summary>All of a transaction in one pipeline, as the product sends what it reads.</summary>
    public const string OneTrip = "pgbench, one trip";

    /// <summary>Begin, the user's setting, the statement, commit: as scripts of pgbench are written.</summary>
    public const string FourTrips = "pgbench, four";

    private const int Clients = 8;
    private const int Threads = 2;

    private readonly NpgsqlConnectionStringBuilder _login;
    private readonly string _directory = Directory.CreateTempSubdirectory("crypto-beacon-pgbench-").FullName;
    private readonly string[] _files;

    /// <param name="scripts">Each transaction is one of them, by chance.</param>
    public PgBench(string connectionString, IEnumerable<string> scripts)
    {
        _login = new NpgsqlConnectionStringBuilder(connectionString);
        _files = [.. scripts.Select(Write)];

        string Write(string script, int number)
        {
            var path = Path.Combine(_directory, $"{number}.sql");
            File.WriteAllText(path, script);
            return path;
        }
    }

    public async Task<Speed> RunAsync(TimeSpan length)
    {
        var start = new ProcessStartInfo(
            "pgbench",
            [
                "--protocol=prepared",
                "--no-vacuum",
                $"--client={Clients}",
                $"--jobs={Threads}",
                string.Create(CultureInfo.InvariantCulture, $"--time={length.TotalSeconds:0}"),
                $"--host={_login.Host}",
                $"--port={_login.Port}",
                $"--username={_login.Username}",
                .. _files.Select(file => $"--file={file}"),
                _login.Database!,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PGPASSWORD"] = _login.Password;
        using var process = Process.Start(start)!;
        var report = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && Tps().Match(report) is { Success: true } tps
            ? new Speed(double.Parse(tps.Groups["tps"].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException(report);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+) \(without")]
    private static partial Regex Tps();
}
