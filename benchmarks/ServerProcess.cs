using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// A server in a process of its own, so that what it takes of processor and memory can be told: the product's program, or a mode of this one. Both run
/// with the same settings of the runtime, those of a project of ASP.NET Core that says nothing.
/// </summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>For requests alone; jobs run elsewhere.</summary>
    public static Task<ServerProcess> StartProductAsync(Installation installation, string role = "web") =>
        StartAsync("CryptoBeacon.WebApi.dll", ["serve", "--role", role, .. installation.Arguments]);

    public static async Task<ServerProcess> StartBareAsync(Installation installation) =>
        await StartAsync(
            "CryptoBeacon.Benchmarks.dll",
            [
                BareServer.Mode,
                installation.Connections.App,
                await installation.User.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)),
            ]
        );

    /// <param name="program">An assembly beside this one.</param>
    private static async Task<ServerProcess> StartAsync(string program, string[] arguments)
    {
        var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, program), .. arguments, "--urls=http://127.0.0.1:0"]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Serves().Match(line) is { Success: true } serves)
            {
                // What it has to say later is of no interest, and must not fill the pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new ServerProcess(process, new Uri(serves.Groups["address"].Value));
            }
        }

        throw new InvalidOperationException($"{program} ended before it served.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex("serves at (?<address>http://[0-9.:]+)")]
    private static partial Regex Serves();
}
