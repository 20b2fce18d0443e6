using System.CommandLine;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary><c>audit verify</c></summary>
internal static class AuditCommand
{
    private const int ProgressEvery = 100_000;

    public static Command Create()
    {
        var verify = new Command("verify", "Work the audit trail's hash chain out anew; exit code 1 when it is broken")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        verify.SetAction((parsed, cancellationToken) => VerifyAsync([.. parsed.UnmatchedTokens], cancellationToken));
        return new Command("audit", "Look after the audit trail.") { verify };
    }

    private static async Task<int> VerifyAsync(string[] configuration, CancellationToken cancellationToken)
    {
        await using var host = await CommandHost.OpenAsync(configuration, cancellationToken);
        await using var scope = host.Services.GetRequiredService<IWorkerScopes>().Create();
        var reported = 0L;
        var verdict = await scope
            .ServiceProvider.GetRequiredService<IAuditLog>()
            .VerifyAsync(
                entries =>
                {
                    if (entries - reported >= ProgressEvery)
                    {
                        reported = entries;
                        Console.Error.WriteLine($"{entries} entries verified");
                    }

                    return Task.CompletedTask;
                },
                cancellationToken
            );
        if (verdict.FirstBroken is { } sequence)
        {
            throw new OperationRefusedException(
                $"The audit trail is broken: entry {sequence} is missing or is not what was written."
            );
        }

        await Console.Out.WriteLineAsync($"The audit trail is whole: {verdict.Entries} entries.");
        return 0;
    }
}
