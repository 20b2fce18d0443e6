using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// From the start of the process to the first 200 of its readiness: the server, published as for production, on an empty data directory (cold) and on the one that this left (warm); and beside them a
/// web application of one line, published in the same way. Each step's share is what the server's log says of it.
/// </summary>
internal static partial class StartBenchmark
{
    private const int Rounds = 5;

    /// <summary>The database's, which are done while the application is built.</summary>
    private static readonly string[] Beside = ["initdb", "PostgreSQL", "migrations"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("crypto-beacon-start-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // As root PostgreSQL runs as another user, who must be able to get there.
            File.SetUnixFileMode(directory, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        try
        {
            var server = await PublishAsync("src/WebApi", "CryptoBeacon.WebApi.dll", Path.Combine(directory, "server"));
            var bare = await PublishAsync("benchmarks/BareWeb", "BareWeb.dll", Path.Combine(directory, "bare"));
            await StartAsync(bare);
            List<(Start Bare, Start Cold, Start Warm)> rounds = [];
            for (var round = 0; round < Rounds; round++)
            {
                var data = $"--CryptoBeacon:DataDirectory={Path.Combine(directory, $"data-{round}")}";
                rounds.Add((await StartAsync(bare), await StartAsync(server, data), await StartAsync(server, data)));
            }

            Write("bare", [.. rounds.Select(round => round.Bare)]);
            Write("cold", [.. rounds.Select(round => round.Cold)]);
            Write("warm", [.. rounds.Select(round => round.Warm)]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Write(string name, Start[] starts)
    {
        Console.WriteLine(
            $"{name, 32} {Median(starts.Select(start => start.Total)), 6:0} ms ({starts.Min(start => start.Total):0}–{starts.Max(start => start.Total):0})"
        );
        foreach (var step in starts[0].Steps.Keys)
        {
            Console.WriteLine($"{step, 32} {Median(starts.Select(start => start.Steps[step])), 6:0} ms");
        }

        static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
    }

    /// <summary>With the settings of <c>dotnet cake --target=Publish</c>.</summary>
    private static async Task<string> PublishAsync(string project, string assembly, string output)
    {
        using var publish = Process.Start(
            "dotnet",
            [
                "publish",
                Path.Combine(Repository(), project),
                "--configuration=Release",
                $"--runtime={RuntimeInformation.RuntimeIdentifier}",
                "--self-contained=false",
                "-property:PublishReadyToRun=true",
                // Publishing asks for a package more: the repository's own lock files stay as they are.
                "-property:NuGetLockFilePath=obj/publish.lock.json",
                $"--output={output}",
                "--nologo",
                "--verbosity=quiet",
            ]
        );
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0
            ? Path.Combine(output, assembly)
            : throw new InvalidOperationException($"{project} could not be published.");
    }

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "CryptoBeacon.sln")))
        {
            directory =
                Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Not within the repository.");
        }

        return directory;
    }

    private static async Task<Start> StartAsync(string assembly, params string[] settings)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [assembly, $"--urls={url}", .. settings]) { RedirectStandardOutput = true }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        while (!await IsReadyAsync(client))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"{assembly} did not start.");
            }

            await Task.Delay(Look);
        }

        var total = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        using (var end = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await end.WaitForExitAsync();
        }

        await process.WaitForExitAsync();
        var steps = Step()
            .Matches(await output)
            .ToDictionary(
                step => Regex.Unescape(step.Groups["step"].Value),
                step => double.Parse(step.Groups["milliseconds"].Value)
            );
        steps["runtime, configuration, answer"] =
            total - steps.Where(step => !Beside.Contains(step.Key)).Sum(step => step.Value);
        return new Start(total, steps);
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("\"Message\":\"Start: (?<step>[^\"]*) took (?<milliseconds>[0-9]+) ms\"")]
    private static partial Regex Step();

    private sealed record Start(double Total, Dictionary<string, double> Steps);
}
