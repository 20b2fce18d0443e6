using System.CommandLine;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure.Security;

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
        await using var host = await CommandHost.OpenAsync(configuration, cancellationToken);
        await using var owner = await host.Database.OpenOwnerAsync(cancellationToken);
        var sealedColumns = host.Services.GetRequiredService<SealedColumns>();
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
            foreach (var keys in host.Services.GetServices<IKeyRing>())
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
