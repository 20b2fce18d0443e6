using System.CommandLine;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Infrastructure.EmbeddedPostgres;
using Npgsql;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary>The command line: <c>serve</c> when nothing else is said.</summary>
public static class BeaconCommands
{
    /// <summary>After SIGTERM or Ctrl+C: requests and jobs end, then an embedded PostgreSQL. Longer than all of them may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <returns>The exit code: 0 for success, 1 for a refusal that was explained, 2 for a command line that makes no sense.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Crypto Beacon Trader Hub: a self-hosted back end for crypto traders.");
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(DatabaseCommand.Create());
        root.Subcommands.Add(AdminCommand.Create());
        root.Subcommands.Add(AuditCommand.Create());
        root.Subcommands.Add(KeysCommand.Create());

        // Options such as --urls belong to .NET's configuration; without a command they mean "serve".
        var isServe =
            args.Length == 0 || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version"));
        var command = root.Parse(isServe ? ["serve", .. args] : args);
        try
        {
            var exitCode = await command.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = Patience,
                }
            );
            return command.Errors.Count > 0 ? 2 : exitCode;
        }
        catch (Exception exception)
            when (exception is ConfigurationException or EmbeddedPostgresException or OperationRefusedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (NpgsqlException exception)
        {
            // Names the host or the login at most, never a password.
            await Console.Error.WriteLineAsync(
                $"The database of ConnectionStrings:{BeaconOptions.ConnectionName} can't be used: {exception.Message}"
            );
            return 1;
        }
    }
}

/// <summary>A command can't do what was asked; the message says why.</summary>
public sealed class OperationRefusedException(string message) : Exception(message);
