using System.Net.Http.Json;
using System.Text;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>One who is signed in, and what is theirs.</summary>
internal sealed record Trader(string AccessToken, Guid UserId, Guid PortfolioId, Guid WatchlistId)
{
    /// <summary>A request as it goes over the wire.</summary>
    public byte[] Get(string path) =>
        Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {AccessToken}\r\n\r\n"
        );

    public byte[] Post(string path, byte[] json, string idempotencyKey) =>
        [
            .. Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {AccessToken}\r\nIdempotency-Key: {idempotencyKey}\r\n"
                    + $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n"
            ),
            .. json,
        ];
}

/// <summary>
/// Many users with a portfolio of ten coins, an opening balance, a hundred trades (two of them parts of transfers), a session and an idempotency key each, which one of them has entered and the others have as copies. Some are signed in, enough
/// that no limit of requests a user is met, and have watchlists, alerts and firings, too.
/// </summary>
internal static class Ledgers
{
    public const int Users = 10_000;
    public const int Coins = 10;
    private const int PricedCoins = 60;
    private const int Trades = 100;
    private const int Traders = 128;
    public const int FirstTrader = 2;
    public const int LastTrader = FirstTrader + Traders - 1;

    /// <summary>A trader's id as SQL works it out of a number, so that pgbench asks one statement for all of them, as the servers do.</summary>
    public static string UserId(string number) => Id("01900000", number);

    public static string PortfolioId(string number) => Id("01900001", number);

    private static string Id(string kind, string number) =>
        $"('{kind}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid";

    public static async Task<IReadOnlyList<Trader>> FillAsync(Installation installation, int users)
    {
        await PostPricesAsync(installation, TimeProvider.System.GetUtcNow().AddHours(-25), 100);
        await PostPricesAsync(installation, TimeProvider.System.GetUtcNow(), 110);
        await EnterTradesAsync(installation);
        await installation.ExecuteAsync(
            $"""
            insert into identity.users (id, email, password_hash)
            select {UserId("n")}, 'trader-' || n || '@example.com', password_hash
            from identity.users, generate_series({FirstTrader}, $1) n
            where email = 'bench@example.com'
            order by n
            """,
            users
        );
        await installation.ExecuteAsync(
            $"""
            -- Foreign keys hold by construction and would take most of the time.
            set session_replication_role = replica;
            create temporary table trader as
            select id, created_at, {PortfolioId("number")} as portfolio_id, platform.uuid_v7() as watchlist_id, number
            from identity.users, cast(substring(email from '^trader-([0-9]+)') as integer) number
            where email like 'trader-%';

            insert into portfolios.portfolios (id, user_id, name, is_default)
            select portfolio_id, id, 'Portfolio', true from trader;

            insert into portfolios.portfolio_assets (id, portfolio_id, user_id, coin_id, quantity, avg_buy_price)
            select platform.uuid_v7(), trader.portfolio_id, trader.id, coin_id, quantity, avg_buy_price
            from trader, portfolios.portfolio_assets;

            insert into trading.trades
                (id, user_id, portfolio_id, coin_id, type, quantity, price, total_value, currency, fee, fee_currency, "timestamp", exchange, link_id)
            select platform.uuid_v7(), trader.id, trader.portfolio_id, coin_id, type, quantity, price, total_value, currency, fee, fee_currency, "timestamp",
                exchange, link_id
            from trader, trading.trades
            order by "timestamp";

            insert into portfolios.opening_balances (portfolio_id, user_id, coin_id, quantity, avg_buy_price)
            select trader.portfolio_id, trader.id, coin_id, quantity, avg_buy_price
            from trader, portfolios.opening_balances;

            insert into identity.sessions (id, user_id, expires_at)
            select platform.uuid_v7(), id, now() + interval '1 day' from trader;

            insert into platform.idempotency_keys (user_id, key, request_hash, body)
            select id, 'trade', sha256(''), 'null' from trader;

            delete from trader where number > {LastTrader};
            insert into watchlists.watchlists (id, user_id, name, is_default, "order")
            select watchlist_id, id, 'Watchlist', true, (select jsonb_agg('coin-' || n order by n) from generate_series(0, {Coins
                - 1}) n)
            from trader;

            insert into watchlists.watchlist_items (id, watchlist_id, user_id, coin_id)
            select platform.uuid_v7(), watchlist_id, id, 'coin-' || n
            from trader, generate_series(0, {Coins - 1}) n;

            insert into alerts.alerts (id, user_id, coin_id, condition, price)
            select platform.uuid_v7(), id, 'coin-' || n % {Coins}, 'above', 1000 + n
            from trader, generate_series(1, 60) n;

            insert into alerts.alert_history
                (alert_id, user_id, price_at_trigger, currency, provider, price_as_of, notification_sent, notification_channels, route, oldest_rate_at)
            select alert.id, user_id, 1000, 'USD', 'admin', created_at, true, '{"{app}"}', array[coin_id || '/USD'], created_at
            from alerts.alerts alert;

            insert into alerts.alert_deliveries (history_id, channel, user_id, status, attempts, sent_at)
            select id, 'app', user_id, 'sent', 1, triggered_at
            from alerts.alert_history
            """
        );
        await installation.ExecuteAsync("vacuum analyze");
        return await SignInAsync(installation);
    }

    private static async Task PostPricesAsync(Installation installation, DateTimeOffset asOf, int price)
    {
        var admin = await installation.AdminAsync();
        var prices = Enumerable
            .Range(0, PricedCoins)
            .Select(n => new
            {
                coinId = $"coin-{n}",
                currency = "USD",
                price = price + n,
                asOf,
            });
        using var answer = await admin.PostAsJsonAsync("/api/v1/admin/market/prices", new { prices });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task EnterTradesAsync(Installation installation)
    {
        var portfolio = await installation.PostAsync("/portfolios", new { name = "Portfolio" });
        using var opening = await installation.User.PutAsJsonAsync(
            $"/api/v1/portfolios/{portfolio["id"]}/assets/coin-0",
            new { quantity = 10.5m, avgBuyPrice = 80.25m }
        );
        opening.EnsureSuccessStatusCode();
        var first = TimeProvider.System.GetUtcNow().AddDays(-Trades);
        await installation.PostAsync(
            "/trades/batch",
            new
            {
                trades = Enumerable
                    .Range(0, Trades)
                    .Select(n => new
                    {
                        portfolioId = portfolio["id"],
                        coinId = $"coin-{n % Coins}",
                        type = IsTransfer(n) ? "withdrawal" : "buy",
                        linkId = IsTransfer(n) ? $"transfer-{n}" : null,
                        quantity = IsTransfer(n) ? 0.25m : 1.25m + n,
                        price = 90.5m + n,
                        fee = 0.1m,
                        timestamp = first.AddDays(n).AddHours(-1),
                        exchange = "binance",
                    }),
            }
        );

        static bool IsTransfer(int n) => n % 50 == 49;
    }

    private static async Task<IReadOnlyList<Trader>> SignInAsync(Installation installation)
    {
        var traders = new List<Trader>();
        await using var connection = await installation.ConnectAsync();
        for (var number = FirstTrader; number <= LastTrader; number++)
        {
            var email = $"trader-{number}@example.com";
            var token = await installation.AccessTokenAsync(email);
            await using var select = new NpgsqlCommand(
                """
                select users.id, portfolios.id, watchlists.id
                from identity.users
                join portfolios.portfolios on portfolios.user_id = users.id
                join watchlists.watchlists on watchlists.user_id = users.id
                where email = $1
                """,
                connection
            )
            {
                Parameters = { new() { Value = email } },
            };
            await using var row = await select.ExecuteReaderAsync();
            await row.ReadAsync();
            traders.Add(new Trader(token, row.GetGuid(0), row.GetGuid(1), row.GetGuid(2)));
        }

        return traders;
    }
}
