using System.Diagnostics;
using CryptoBeacon.Domain;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// How gains grow with the ledger: the lot book alone, beside a plain loop over the same entries that adds their values up, and the whole
/// way from PostgreSQL to the answer.
/// </summary>
internal static class LotsBenchmark
{
    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000];
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync();
        Console.WriteLine(
            $"{"trades", 9} {"loop", 9} {"fifo", 9} {"lifo", 9} {"hifo", 9} {"average", 9} {"over HTTP", 10} {"memory", 8}"
        );
        foreach (var size in Sizes)
        {
            var loop = Measure(() => Entries(size).Aggregate(0m, (sum, entry) => sum + entry.Value!.Value));
            var methods = Enum.GetValues<CostBasisMethod>()
                .Select(method => Measure(() => Play(size, method)))
                .ToArray();
            var (http, peak) = await AskAsync(installation, size);
            Console.WriteLine(
                $"{size, 9:N0} {loop, 9:0.000} {string.Join(' ', methods.Select(seconds => $"{seconds, 9:0.000}"))} {http, 10:0.00} {peak, 5:N0} MB"
            );
        }
    }

    private static decimal Play(int size, CostBasisMethod method)
    {
        var (book, gains) = (new LotBook(_ => method), new Gains());
        foreach (var entry in Entries(size))
        {
            foreach (var move in book.Play(entry).Where(move => move.Kind == LotMoveKind.Disposed))
            {
                gains.Add(move);
            }
        }

        return gains.Gain!.Value;
    }

    /// <summary>Buys and sales by turns, of quantities that leave remainders, so that lots are split.</summary>
    private static IEnumerable<LotEntry> Entries(int size)
    {
        var portfolio = Uuid.New();
        for (var i = 0; i < size; i++)
        {
            var quantity = i % 2 == 0 ? 1.5m : 1.49m;
            yield return new LotEntry
            {
                PortfolioId = portfolio,
                TradeId = Uuid.New(),
                CoinId = "bitcoin",
                Type = i % 2 == 0 ? TradeType.Buy : TradeType.Sell,
                At = Start.AddMinutes(i),
                Quantity = quantity,
                Value = quantity * (20_000 + (i % 977)),
                Fee = 1.23m,
            };
        }
    }

    private static double Measure(Func<decimal> work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>The same ledger, stored; how long the answer takes, and how much the managed heap holds at most meanwhile.</summary>
    private static async Task<(double Seconds, long Megabytes)> AskAsync(Installation installation, int size)
    {
        var portfolio = (await installation.PostAsync("/portfolios", new { name = $"{size} trades" }))[
            "id"
        ]!.ToString();
        await installation.ExecuteAsync(
            """
            insert into trading.trades
                (id, user_id, portfolio_id, coin_id, type, quantity, price, total_value, currency, fee, fee_currency, "timestamp")
            select platform.uuid_v7(), p.user_id, p.id, 'bitcoin', case i % 2 when 0 then 'buy' else 'sell' end,
                case i % 2 when 0 then 1.5 else 1.49 end, 20000 + i % 977, case i % 2 when 0 then 1.5 else 1.49 end * (20000 + i % 977),
                'USD', 1.23, 'USD', timestamptz '2020-01-01Z' + i * interval '1 minute'
            from portfolios.portfolios p, generate_series(0, $2 - 1) i
            where p.id = $1
            """,
            Guid.Parse(portfolio),
            size
        );
        await installation.ExecuteAsync("analyze trading.trades");

        using var done = new CancellationTokenSource();
        var peak = PeakHeapAsync(done.Token);
        var watch = Stopwatch.StartNew();
        await installation.GetAsync($"/trades/realized-gains?portfolioId={portfolio}");
        var seconds = watch.Elapsed.TotalSeconds;
        await done.CancelAsync();
        await installation.ExecuteAsync("delete from trading.trades");
        return (seconds, await peak / 1_000_000);
    }

    private static async Task<long> PeakHeapAsync(CancellationToken done)
    {
        var peak = 0L;
        while (!done.IsCancellationRequested)
        {
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            await Task.Delay(50, CancellationToken.None);
        }

        return peak;
    }
}
