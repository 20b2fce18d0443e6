using System.Diagnostics;

namespace CryptoBeacon.Benchmarks;

/// <summary>How long <c>POST /alerts/dry-run</c> takes over a year of minutes, for alerts that fire never, now and then, and by movement.</summary>
internal static class DryRunBenchmark
{
    private const int Rounds = 7;

    private static readonly (string Name, string Condition, decimal Price, int? Window)[] Asked =
    [
        ("above, never", "above", 1_000_000, null),
        ("above, now and then", "above", 40_000, null),
        ("crosses_below", "crosses_below", 35_000, null),
        ("percent_up, an hour", "percent_up", 2, 3600),
        ("percent_down, a week", "percent_down", 10, 604_800),
    ];

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync();
        await installation.ExecuteAsync(
            """
            insert into api_integration.candles (coin_id, currency, interval, open_time, open, high, low, close, volume, is_imported)
            select 'bitcoin', 'USD', '1m', at, price, price + 12.34, price - 11.87, price + 3.21, 1.5, true
            from generate_series(timestamptz '2023-01-01Z', '2023-12-31 23:59Z', interval '1 minute') at,
                lateral (
                    select round((38000 + 6000 * sin(extract(epoch from at) / 400000) + 900 * sin(extract(epoch from at) / 9000)
                        + 40 * sin(extract(epoch from at) / 77))::numeric, 2) as price
                ) walk
            """
        );
        await installation.ExecuteAsync("vacuum analyze api_integration.candles");
        Console.WriteLine($"{"", 22} {"firings", 8} {"median", 8} {"worst", 8}");
        foreach (var (name, condition, price, windowSeconds) in Asked)
        {
            var seconds = new List<double>();
            var count = "";
            for (var round = 0; round < Rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                var answer = await installation.PostAsync(
                    "/alerts/dry-run",
                    new
                    {
                        coinId = "bitcoin",
                        condition,
                        price,
                        windowSeconds,
                        repeat = "every_crossing",
                        from = "2023-01-01T00:00:00Z",
                        to = "2024-01-01T00:00:00Z",
                    }
                );
                seconds.Add(watch.Elapsed.TotalSeconds);
                count = answer["count"]!.ToString();
            }

            seconds.Sort();
            Console.WriteLine($"{name, 22} {count, 8} {seconds[Rounds / 2], 6:0.00} s {seconds[^1], 6:0.00} s");
        }
    }
}
