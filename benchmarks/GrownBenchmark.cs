using CryptoBeacon.Application.Configuration;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// Ten times the data: 100,000 users with 10,000,000 trades (which have neither history nor audit trail, being copies). What is read, written and imported beside the same limits, alerts evaluated, and how PostgreSQL goes
/// about it. Takes twenty minutes.
/// </summary>
internal static class GrownBenchmark
{
    private const int Times = 10;
    private const int Prepared = 12;

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web, explained: true);
        var traders = await Ledgers.FillAsync(installation, Times * Ledgers.Users);
        var plans = new Plans(installation);
        await WritePlansAsync(plans, installation, traders);
        await ReadsBenchmark.CompareAsync(installation, traders, BareReads.OfTraders);
        await TradeBenchmark.CompareAsync(installation, traders);
        await ImportBenchmark.CompareAsync(installation);
        await AlertsBenchmark.ArmAsync(installation, AlertsBenchmark.Most);
        await AlertsBenchmark.CompareAsync(installation, $"{AlertsBenchmark.Most:N0}");
        await plans.WriteAsync("a batch of prices, in and evaluated", () => AlertsBenchmark.RunOnceAsync(installation));
    }

    private static async Task WritePlansAsync(Plans plans, Installation installation, IReadOnlyList<Trader> traders)
    {
        await using var product = await ServerProcess.StartProductAsync(installation);
        foreach (var read in BareReads.OfTraders)
        {
            await WriteAsync(read.Name, _ => traders[0].Get(read.Path(traders[0])));
        }

        await WriteAsync("a trade", TradeBenchmark.Posts(traders));
        await installation.SignInAsync();
        await plans.WriteAsync(
            "an import",
            async () => await ImportBenchmark.ImportAsync(installation, ImportBenchmark.Csv(1_000))
        );

        // Often enough before that what is prepared is.
        async Task WriteAsync(string name, Func<int, byte[]> request)
        {
            for (var n = 0; n < Prepared; n++)
            {
                await AskAsync();
            }

            await plans.WriteAsync(name, AskAsync);

            async Task AskAsync() =>
                await LoadGenerator.RunAsync(product.Address, request, connections: 1, TimeSpan.Zero);
        }
    }
}
