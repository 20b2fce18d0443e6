using System.CommandLine;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.WebApi.Hosting;
using Microsoft.AspNetCore.Connections;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary><c>serve [--role all|web|worker] [configuration…]</c></summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var role = new Option<ServerRole>("--role")
        {
            Description = "Answer requests (web), run jobs (worker), or both (all)",
            DefaultValueFactory = _ => ServerRole.All,
        };
        var command = new Command(
            "serve",
            "Start the server (the default). Configuration goes as --Section:Key=value or --urls."
        )
        {
            role,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var server = await BeaconServer.CreateAsync(
                    [.. parsed.UnmatchedTokens],
                    parsed.GetValue(role),
                    configure: null,
                    cancellationToken
                );
                try
                {
                    await server.StartAsync(cancellationToken);
                }
                catch (IOException exception) when (exception.InnerException is AddressInUseException)
                {
                    throw new OperationRefusedException($"{exception.Message} Choose another by --urls.");
                }

                await Console.Out.WriteLineAsync(
                    $"Crypto Beacon Trader Hub serves at {string.Join(", ", server.Urls)}"
                );
                await server.App.WaitForShutdownAsync(cancellationToken);
                return 0;
            }
        );
        return command;
    }
}
