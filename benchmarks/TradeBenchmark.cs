using System.Globalization;
using System.Text;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// POST /trades with an Idempotency-Key, and all that commits with it: the position, the first version of the history, the audit trail's entry, the key's
/// answer. Beside it pgbench with one statement that inserts the trade and updates the position, to the same tables as the same login.
/// </summary>
internal static class TradeBenchmark
{
    private const int PgBenchScripts = 16;

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web);
        await CompareAsync(installation, await Ledgers.FillAsync(installation, Ledgers.Users));
    }

    public static async Task CompareAsync(Installation installation, IReadOnlyList<Trader> traders)
    {
        await using var product = await ServerProcess.StartProductAsync(installation);
        // Each has traders of its own: a trade that is older than the newest one of its coin takes longer.
        using var pgBench = new PgBench(installation.Connections.App, traders.Take(PgBenchScripts).Select(Script));
        var posts = Posts([.. traders.Skip(PgBenchScripts)]);
        Turns.WriteHeader();
        await Turns.CompareAsync("a trade", Turns.Of(product, posts), (PgBench.OneTrip, pgBench.RunAsync));
    }

    /// <summary>Each trade is newer than the one before it, as trades mostly are.</summary>
    public static Func<int, byte[]> Posts(IReadOnlyList<Trader> traders)
    {
        var (run, first, number) = (Uuid.New(), TimeProvider.System.GetUtcNow().AddHours(-1), -1);
        return _ =>
        {
            var n = Interlocked.Increment(ref number);
            var trader = traders[n % traders.Count];
            var json = string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"portfolioId":"{{trader.PortfolioId}}","coinId":"coin-{{n / traders.Count % Ledgers.Coins}}","type":"buy","quantity":"1.25","price":"100.5","fee":"0.1","timestamp":"{{UtcTime.Format(
                    first.AddMilliseconds(n)
                )}}","exchange":"binance"}
                """
            );
            return trader.Post("/api/v1/trades", Encoding.UTF8.GetBytes(json), $"{run}-{n}");
        };
    }

    private static string Script(Trader trader) =>
        $"""
            \set coin random(0, {Ledgers.Coins - 1})
            \startpipeline
            select set_config('app.user_id', '{trader.UserId}', true), set_config('app.ip_address', '127.0.0.1', true);
            with trade as (
                insert into trading.trades
                    (id, user_id, portfolio_id, coin_id, type, quantity, price, total_value, currency, fee, fee_currency, "timestamp", exchange)
                values (gen_random_uuid(), '{trader.UserId}', '{trader.PortfolioId}', 'coin-' || :coin::integer, 'buy', 1.25, 100.5, 125.625, 'USD', 0.1, 'USD',
                    now(), 'binance')
                returning portfolio_id, coin_id, quantity, total_value
            )
            update portfolios.portfolio_assets held
            set quantity = held.quantity + trade.quantity,
                avg_buy_price = round((held.quantity * held.avg_buy_price + trade.total_value) / (held.quantity + trade.quantity), 18),
                updated_at = now()
            from trade
            where held.portfolio_id = trade.portfolio_id and held.coin_id = trade.coin_id;
            \endpipeline
            """;
}
