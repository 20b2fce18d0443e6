using System.Diagnostics;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>Somebody else's reading of a standard: a package of npm at one version, fetched once a run, no script of it run.</summary>
internal static class NodePackage
{
    public static async Task<string> FetchAsync(string package)
    {
        var directory = Directory.CreateTempSubdirectory("crypto-beacon-npm-").FullName;
        await RunAsync(
            "npm",
            directory,
            input: null,
            ["install", package, "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", directory]
        );
        return directory;
    }

    /// <returns>What the script has written.</returns>
    public static Task<string> RunScriptAsync(string directory, string script, string input) =>
        RunAsync("node", directory, input, ["-e", script]);

    private static async Task<string> RunAsync(string program, string directory, string? input, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = directory,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await error);
        return await output;
    }
}
