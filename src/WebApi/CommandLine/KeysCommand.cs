using System.CommandLine;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure;
using CryptoBeacon.Infrastructure.Security;
using CryptoBeacon.WebApi.Hosting;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary><c>keys rotate</c></summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var rotate = new Command(
            "rotate",
            "Make new encryption and signing keys, and wrap what is sealed by the new one, while servers go on; started again, it goes on where it was"
        )
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        rotate.SetAction((parsed, cancellationToken) => RotateAsync([.. parsed.UnmatchedTokens], cancellationToken));
        return new Command("keys", "Look after keys.") { rotate };
    }

    private static async Task<int> RotateAsync(string[] configuration, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(configuration);
        var options = BeaconConfiguration.Read(builder.Configuration);
        using var logging = LoggerFactory.Create(logs => logs.AddConsole());
        await using var database = new ServerDatabase(builder.Configuration, options);
        await database.OpenAsync(logging.CreateLogger<ServerDatabase>(), cancellationToken);
        await database.PrepareAsync(cancellationToken);

        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(options)
            .AddSingleton(new Deployment(database.IsEmbedded, ServerRole.Worker))
            .AddInfrastructure(() => database.Connections, database.Keys)
            .AddModules(builder.Configuration, options)
            .BuildServiceProvider();
        await using var owner = await database.OpenOwnerAsync(cancellationToken);
        var sealedColumns = services.GetRequiredService<SealedColumns>();
        if (!await SealedColumns.TryBeginRotationAsync(owner, cancellationToken))
        {
            throw new OperationRefusedException("The keys are being rotated already, by another keys rotate.");
        }

        // What can't be opened can't be wrapped anew: says so before anything is changed.
        await sealedColumns.RunAsync(owner, cancellationToken);
        if (await sealedColumns.HaveOutdatedAsync(owner, cancellationToken))
        {
            await Console.Out.WriteLineAsync(
                "Some secrets are wrapped by another key than the current one: going on with these, no new key is made."
            );
        }
        else
        {
            foreach (var keys in services.GetServices<IKeyRing>())
            {
                await Console.Out.WriteLineAsync(
                    keys.Rotate() is { } id
                        ? $"A new {keys.Name} is in use: {id}"
                        : $"The {keys.Name}s are configured, so a new one is yours to add there; see docs/operations.md."
                );
            }
        }

        var rewrapped = await sealedColumns.RewrapAsync(
            owner,
            (column, count) => Console.Out.WriteLine($"{column.Table}: {count} wrapped anew"),
            cancellationToken
        );
        await Console.Out.WriteLineAsync($"Done: {rewrapped} secrets were wrapped anew.");
        return 0;
    }
}
