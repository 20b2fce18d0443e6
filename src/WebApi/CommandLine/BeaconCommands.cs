using System.CommandLine;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary>The command line: <c>serve</c> when nothing else is said.</summary>
public static class BeaconCommands
{
    /// <returns>The exit code: 0 for success, 1 for a refusal that was explained, 2 for a command line that makes no sense.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Crypto Beacon Trader Hub: a self-hosted back end for crypto traders.");
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(DatabaseCommand.Create());
        root.Subcommands.Add(AdminCommand.Create());

        // Options such as --urls belong to .NET's configuration; without a command they mean "serve".
        var isServe =
            args.Length == 0 || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version"));
        try
        {
            return await root.Parse(isServe ? ["serve", .. args] : args)
                .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception)
            when (exception is ConfigurationException or EmbeddedPostgresException or OperationRefusedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}

/// <summary>A command can't do what was asked; the message says why.</summary>
public sealed class OperationRefusedException(string message) : Exception(message);
