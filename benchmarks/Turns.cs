using System.Diagnostics;

namespace CryptoBeacon.Benchmarks;

/// <summary>Two ways of getting the same answer, measured in turns in one process, so that whatever else the machine does meets both.</summary>
internal static class Turns
{
    private const int Count = 15;
    private const int Clients = 2;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    public static void WriteHeader() =>
        Console.WriteLine(
            $"{"", 28} {"product/s", 10} {"limit/s", 10} {"ratio", 7} {"quartiles", 12} {"CPU ms", 8} {"CPU limit", 9} {"CPU ratio", 9}"
        );

    /// <summary>Prints requests a second of both and what share of the limit the product has: the median of the turns and its quartiles.</summary>
    public static async Task CompareAsync(string name, Func<Task> product, Func<Task> limit)
    {
        await MeasureAsync(product);
        await MeasureAsync(limit);
        var turns = new List<(Speed Product, Speed Limit)>();
        for (var turn = 0; turn < Count; turn++)
        {
            turns.Add((await MeasureAsync(product), await MeasureAsync(limit)));
        }

        var ratios = turns.Select(turn => turn.Product.PerSecond / turn.Limit.PerSecond).Order().ToList();
        var (cpu, cpuLimit) = (Median(turn => turn.Product.CpuMs), Median(turn => turn.Limit.CpuMs));
        Console.WriteLine(
            $"{name, 28} {Median(turn => turn.Product.PerSecond), 10:0.0} {Median(turn => turn.Limit.PerSecond), 10:0.0} {ratios[Count / 2], 7:0.00} "
                + $"{$"{ratios[Count / 4]:0.00}–{ratios[Count * 3 / 4]:0.00}", 12} {cpu, 8:0.00} {cpuLimit, 9:0.00} {cpuLimit / cpu, 9:0.00}"
        );

        double Median(Func<(Speed Product, Speed Limit), double> number) =>
            turns.Select(number).Order().ElementAt(Count / 2);
    }

    /// <summary>CPU of the whole process, the clients' share included, which is the same for both.</summary>
    private static async Task<Speed> MeasureAsync(Func<Task> request)
    {
        using var process = Process.GetCurrentProcess();
        var (start, cpu, done) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime, 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(async _ =>
                {
                    while (Stopwatch.GetElapsedTime(start) < Length)
                    {
                        await request();
                        Interlocked.Increment(ref done);
                    }
                })
        );
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return new Speed(done / seconds, (process.TotalProcessorTime - cpu).TotalMilliseconds / done);
    }

    private sealed record Speed(double PerSecond, double CpuMs);
}
