using System.Diagnostics;

namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

internal sealed record CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a program to its end and keeps what it said.</summary>
internal static class Command
{
    public static async Task<CommandResult> RunAsync(
        ProcessStartInfo start,
        CancellationToken cancellationToken,
        string input = "",
        bool captureOutput = true
    )
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = start.RedirectStandardError = captureOutput;

        using var process =
            Process.Start(start) ?? throw new EmbeddedPostgresException($"{start.FileName} could not be started.");
        try
        {
            var output = captureOutput ? process.StandardOutput.ReadToEndAsync(cancellationToken) : Task.FromResult("");
            var errors = captureOutput ? process.StandardError.ReadToEndAsync(cancellationToken) : Task.FromResult("");
            await WriteInputAsync(process, input);
            await process.WaitForExitAsync(cancellationToken);
            return new CommandResult(process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(); // not its tree: a server that pg_ctl has started is stopped in order, by pg_ctl
            throw;
        }
    }

    public static string? FindOnPath(string program) =>
        PathDirectories().Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    public static string[] PathDirectories() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    private static async Task WriteInputAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended before it read everything: its exit code and its output say why.
        }
    }
}
