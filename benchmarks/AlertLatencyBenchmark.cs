using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// How long it takes from a batch of prices to the event on the stream, over HTTP on both sides, while 100,000 alerts wait. From the sending of the
/// prices, which is before their commit, and from their answer, which is after it: the truth lies between.
/// </summary>
internal static class AlertLatencyBenchmark
{
    private const int Alerts = 100_000;
    private const int Coins = 100;
    private const int Batches = 200;
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(150);

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync();
        await installation.ExecuteAsync(
            $"""
            insert into alerts.alerts (id, user_id, coin_id, condition, price, repeat)
            select platform.uuid_v7(), owner.id, 'coin-' || i % {Coins}, case i / {Coins} % 2 when 0 then 'above' else 'below' end,
                case i / {Coins} % 2 when 0 then 2000 + i / {Coins} else 50 - i / {Coins} * 0.01 end, 'every_crossing'
            from generate_series(0, {Alerts} - 1) i, identity.users owner
            where owner.email = 'bench@example.com';
            """
        );
        await installation.ExecuteAsync("vacuum analyze alerts.alerts");
        // One that fires at each batch, since each target is passed once.
        await installation.ExecuteAsync(
            $"""
            insert into alerts.alerts (id, user_id, coin_id, condition, price)
            select platform.uuid_v7(), owner.id, 'coin-0', 'above', 100 + i
            from generate_series(1, {Batches}) i, identity.users owner
            where owner.email = 'bench@example.com'
            """
        );

        var admin = await installation.AdminAsync();
        var seen = new ConcurrentDictionary<decimal, long>();
        using var end = new CancellationTokenSource();
        var opened = new TaskCompletionSource();
        var reading = ReadAsync(installation.User, seen, opened, end.Token);
        await opened.Task;
        var (fromSending, fromAnswer) = (new List<double>(), new List<double>());
        for (var batch = 1; batch <= Batches; batch++)
        {
            var price = 100m + batch;
            var prices = Enumerable
                .Range(0, Coins)
                .Select(coin => new
                {
                    coinId = $"coin-{coin}",
                    currency = "USD",
                    price,
                });
            var sent = Stopwatch.GetTimestamp();
            using var answer = await admin.PostAsJsonAsync("/api/v1/admin/market/prices", new { prices });
            answer.EnsureSuccessStatusCode();
            var answered = Stopwatch.GetTimestamp();
            long at;
            while (!seen.TryGetValue(price, out at))
            {
                await Task.Delay(1);
            }

            fromSending.Add(Stopwatch.GetElapsedTime(sent, at).TotalMilliseconds);
            fromAnswer.Add(Math.Max(0, Stopwatch.GetElapsedTime(answered, at).TotalMilliseconds));
            await Task.Delay(Apart);
        }

        await end.CancelAsync();
        await reading;
        Console.WriteLine($"{"from", 12} {"p50", 9} {"p90", 9} {"p99", 9} {"max", 9}");
        Print("sending", fromSending);
        Print("answer", fromAnswer);
    }

    private static async Task ReadAsync(
        HttpClient user,
        ConcurrentDictionary<decimal, long> seen,
        TaskCompletionSource opened,
        CancellationToken end
    )
    {
        try
        {
            await using var stream = await user.GetStreamAsync(new Uri("/api/v1/alerts/stream", UriKind.Relative), end);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(end) is { } line)
            {
                opened.TrySetResult();
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    var at = Stopwatch.GetTimestamp();
                    seen[decimal.Parse(JsonNode.Parse(line[6..])!["priceAtTrigger"]!.ToString())] = at;
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // All has been seen.
        }
    }

    private static void Print(string from, List<double> milliseconds)
    {
        milliseconds.Sort();
        double At(double share) => milliseconds[(int)Math.Ceiling(share * milliseconds.Count) - 1];
        Console.WriteLine($"{from, 12} {At(0.5), 6:0.0} ms {At(0.9), 6:0.0} ms {At(0.99), 6:0.0} ms {At(1), 6:0.0} ms");
    }
}
