using System.Diagnostics;

namespace CryptoBeacon.Benchmarks;

/// <summary>What a way of doing something reaches: as many a second, and how much of the processor its server takes for each (0: not told).</summary>
internal sealed record Speed(double PerSecond, double CpuMicroseconds = 0);

/// <summary>The product and its limits, measured in turns, so that whatever else the machine does meets all of them.</summary>
internal static class Turns
{
    private const int Count = 7;
    private const int Connections = 16;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    public static void WriteHeader() =>
        Console.WriteLine(
            $"{"", 30} {"limit", 18} {"product/s", 10} {"limit/s", 10} {"ratio", 7} {"quartiles", 12} {"CPU µs", 8} {"of limit", 9} {"CPU ratio", 10}"
        );

    /// <summary>Prints a line a limit: what share of it the product has, the median of the turns and its quartiles.</summary>
    public static async Task CompareAsync(
        string name,
        Func<TimeSpan, Task<Speed>> product,
        params (string Name, Func<TimeSpan, Task<Speed>> Run)[] limits
    )
    {
        foreach (var run in limits.Select(limit => limit.Run).Prepend(product))
        {
            await run(WarmUp);
        }

        var turns = new List<(Speed Product, Speed[] Limits)>();
        for (var turn = 0; turn < Count; turn++)
        {
            var own = await product(Length);
            var speeds = new List<Speed>();
            foreach (var limit in limits)
            {
                speeds.Add(await limit.Run(Length));
            }

            turns.Add((own, [.. speeds]));
        }

        for (var i = 0; i < limits.Length; i++)
        {
            var ratios = turns.Select(turn => turn.Product.PerSecond / turn.Limits[i].PerSecond).Order().ToList();
            var (cpu, least) = (
                Median(turn => turn.Product.CpuMicroseconds),
                Median(turn => turn.Limits[i].CpuMicroseconds)
            );
            Console.WriteLine(
                $"{(i == 0 ? name : ""), 30} {limits[i].Name, 18} {Median(turn => turn.Product.PerSecond), 10:0} {Median(turn => turn.Limits[i].PerSecond), 10:0} "
                    + $"{ratios[Count / 2], 7:0.00} {$"{ratios[Count / 4]:0.00}–{ratios[Count * 3 / 4]:0.00}", 12} "
                    + (least > 0 ? $"{cpu, 8:0} {least, 9:0} {least / cpu, 10:0.00}" : "")
            );
        }

        double Median(Func<(Speed Product, Speed[] Limits), double> number) =>
            turns.Select(number).Order().ElementAt(Count / 2);
    }

    /// <summary>A server under requests that come as fast as it answers.</summary>
    public static Func<TimeSpan, Task<Speed>> Of(ServerProcess server, Func<int, byte[]> request) =>
        async length =>
        {
            var (cpu, start) = (server.ProcessorTime, Stopwatch.GetTimestamp());
            var done = (await LoadGenerator.RunAsync(server.Address, request, Connections, length)).Count;
            return new Speed(
                done / Stopwatch.GetElapsedTime(start).TotalSeconds,
                (server.ProcessorTime - cpu).TotalMicroseconds / done
            );
        };
}
