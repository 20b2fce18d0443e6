using System.Diagnostics;
using CryptoBeacon.Application.Configuration;

namespace CryptoBeacon.Benchmarks;

/// <summary>200 connections for a minute, nine requests that read to one that writes, on a server that runs its jobs as well: how long they take, and whether memory grows.</summary>
internal static class MixedBenchmark
{
    private const int Connections = 200;
    private const int ReadsAWrite = 9;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web);
        var traders = await Ledgers.FillAsync(installation, Ledgers.Users);
        await using var product = await ServerProcess.StartProductAsync(installation, role: "all");
        var reads = BareReads
            .OfTraders.SelectMany(read => traders.Select(trader => trader.Get(read.Path(trader))))
            .ToArray();
        var post = TradeBenchmark.Posts(traders);
        // A step that shares no factor with their number goes through all of them, kind by kind in turn.
        byte[] Request(int n) =>
            n % (ReadsAWrite + 1) == 0 ? post(n) : reads[(int)(n * (traders.Count + 1L) % reads.Length)];

        await LoadGenerator.RunAsync(product.Address, Request, Connections, WarmUp);
        using var end = new CancellationTokenSource();
        var memory = WatchAsync(product, end.Token);
        var start = Stopwatch.GetTimestamp();
        var times = await LoadGenerator.RunAsync(product.Address, Request, Connections, Length);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await end.CancelAsync();
        times.Sort();
        Console.WriteLine(
            $"{times.Count / seconds:0} requests/s; p50 {At(0.5):0} ms, p90 {At(0.9):0} ms, p99 {At(0.99):0} ms, longest {At(1):0} ms; p99 ÷ p50 {At(0.99) / At(0.5):0.0}"
        );
        Console.WriteLine(
            $"memory every {Between.TotalSeconds:0} s: {string.Join(", ", (await memory).Select(bytes => bytes / 1_000_000))} MB"
        );

        double At(double share) =>
            Stopwatch.GetElapsedTime(0, times[(int)((times.Count - 1) * share)]).TotalMilliseconds;
    }

    private static async Task<List<long>> WatchAsync(ServerProcess server, CancellationToken end)
    {
        var memory = new List<long>();
        using var timer = new PeriodicTimer(Between);
        try
        {
            do
            {
                memory.Add(server.Memory);
            } while (await timer.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // All has been measured.
        }

        return memory;
    }
}
