using System.Diagnostics;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Jobs;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// What a batch of prices costs: the product's own way, from the prices to the committed history, beside bare SQL that does the least that could be
/// called the same to the same tables, their indexes and constraints, in the same run. With few alerts and many, where none fires and where a thousand
/// do, and again after three million have fired.
/// </summary>
internal static class AlertsBenchmark
{
    private const int Coins = 1_000;
    private const int Rounds = 15;
    private const int FiredBefore = 3_000_000;
    public const int Most = 1_000_000;
    private static readonly int[] Sizes = [10_000, Most];

    private static int _round;
    private static long _afterIntake;

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web);
        foreach (var alerts in Sizes)
        {
            await ArmAsync(installation, alerts);
            await CompareAsync(installation, $"{alerts:N0}");
        }

        await installation.ExecuteAsync(
            $"""
            set session_replication_role = replica;
            insert into alerts.alert_history (alert_id, user_id, triggered_at, price_at_trigger, currency, provider, price_as_of, notification_sent)
            select id, user_id, now(), price, currency, 'admin', now(), true
            from alerts.alerts, generate_series(1, {FiredBefore} / 1000000)
            """
        );
        await installation.ExecuteAsync("vacuum analyze alerts.alert_history");
        await CompareAsync(installation, "after 3 million");
    }

    public static async Task CompareAsync(Installation installation, string alerts)
    {
        Console.WriteLine(
            $"{"active alerts", 16} {"fire", 6} {"product: in + evaluated", 24} {"bare SQL", 18} {"bare ÷ product", 15}"
        );
        await using var connection = await installation.ConnectAsync();
        await CompareAsync(installation, connection, alerts, fire: false);
        await CompareAsync(installation, connection, alerts, fire: true);
    }

    /// <summary>A batch of which no price fires an alert.</summary>
    public static Task RunOnceAsync(Installation installation) => ByProductAsync(installation, Batch.Next(99));

    /// <summary>As many above as below a price of 100 of each coin, at distances that no price of the rounds reaches, of all users by turns.</summary>
    public static async Task ArmAsync(Installation installation, int alerts)
    {
        await installation.ExecuteAsync(
            """
            truncate alerts.alerts, alerts.alert_history, alerts.alert_deliveries;
            -- What is waiting would be evaluated before the first batch of the rounds.
            update api_integration.price_batches set evaluated_at = now() where evaluated_at is null;
            insert into alerts.alerts (id, user_id, coin_id, condition, price, repeat, is_met)
            select platform.uuid_v7(), owner.id, 'asset-' || i % $1, case i / $1 % 2 when 0 then 'above' else 'below' end,
                case i / $1 % 2 when 0 then 200 + i / $1 else 50 - i / $1 * 0.01 end, 'every_crossing', false
            from (select array_agg(id) as ids from identity.users where email <> 'admin@example.com') owners
            cross join generate_series(0, $2 - 1) i
            cross join lateral (select owners.ids[1 + i % array_length(owners.ids, 1)] as id) owner
            """.Replace("$1", $"{Coins}", StringComparison.Ordinal).Replace("$2", $"{alerts}", StringComparison.Ordinal)
        );
        await installation.ExecuteAsync("vacuum analyze alerts.alerts");
    }

    private static async Task CompareAsync(
        Installation installation,
        NpgsqlConnection connection,
        string alerts,
        bool fire
    )
    {
        var (product, bare) = (new List<(double, double)>(), new List<(double, double)>());
        for (var round = 0; round < Rounds; round++)
        {
            // By turns, so that both meet the same machine.
            product.Add(await MeasureAsync(fire, batch => ByProductAsync(installation, batch), installation));
            bare.Add(await MeasureAsync(fire, batch => ByBareSqlAsync(connection, batch), installation));
        }

        var (own, least) = (Median(product), Median(bare));
        Console.WriteLine(
            $"{alerts, 16} {(fire ? Coins : 0), 6:N0} {Show(own)} {Show(least)} {(least.Intake + least.Evaluation) / (own.Intake + own.Evaluation), 15:0.00}"
        );
    }

    private static string Show((double Intake, double Evaluation) time) =>
        $"{time.Intake, 8:0.0} + {time.Evaluation, 6:0.0} ms";

    /// <summary>Where alerts are to fire, one a coin is put just above its price first.</summary>
    private static async Task<(double Intake, double Evaluation)> MeasureAsync(
        bool fire,
        Func<Batch, Task> run,
        Installation installation
    )
    {
        if (fire)
        {
            await installation.ExecuteAsync(
                """
                with one as (select distinct on (coin_id) id from alerts.alerts where condition = 'above' order by coin_id, price)
                update alerts.alerts alert
                set price = 101, is_met = false, fired_lately = '{}', last_fired_at = null
                from one
                where alert.id = one.id
                """
            );
        }

        await run(Batch.Next(99));
        var batch = Batch.Next(fire ? 102 : 99.5m);
        var start = Stopwatch.GetTimestamp();
        await run(batch);
        return (
            Stopwatch.GetElapsedTime(start, _afterIntake).TotalMilliseconds,
            Stopwatch.GetElapsedTime(_afterIntake).TotalMilliseconds
        );
    }

    private static async Task ByProductAsync(Installation installation, Batch batch)
    {
        await using (var scope = installation.Services.GetRequiredService<IWorkerScopes>().Create())
        {
            var quotes = batch.Coins.Select(coin => new PriceQuote(coin, "USD", batch.Price, batch.AsOf)).ToList();
            var taken = await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new QuotePrices(new PriceQuotes(quotes)));
            _ = taken.Value;
        }

        _afterIntake = Stopwatch.GetTimestamp();
        await using (var scope = installation.Services.GetRequiredService<IWorkerScopes>().Create())
        {
            var evaluated = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new EvaluateNextBatch());
            if (evaluated.Value!.Firings != (batch.Price > 101 ? Coins : 0))
            {
                throw new InvalidOperationException($"{evaluated.Value.Firings} alerts fired.");
            }
        }
    }

    private static async Task ByBareSqlAsync(NpgsqlConnection connection, Batch batch)
    {
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await RunAsync(connection, batch, TakeIn);
            await transaction.CommitAsync();
        }

        _afterIntake = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // What a user does leaves its trace elsewhere: the trigger of the audit trail stays silent.
            await RunAsync(connection, batch, "set local app.user_id = '00000000-0000-7000-8000-000000000000'");
            await RunAsync(connection, batch, Evaluate);
            await transaction.CommitAsync();
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, Batch batch, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (sql.Contains('$', StringComparison.Ordinal))
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = batch.Coins });
            command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = batch.Price });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = batch.AsOf.UtcDateTime });
        }

        await command.ExecuteNonQueryAsync();
    }

    private const string TakeIn = """
        with batch as (
            insert into api_integration.price_batches (provider, evaluated_at) values ('admin', now()) returning sequence
        ), tick as (
            insert into api_integration.price_ticks (batch_sequence, ordinal, coin_id, currency, price, as_of, provider)
            select batch.sequence, position, coin_id, 'USD', $2, $3, 'admin'
            from batch, unnest($1) with ordinality coins (coin_id, position)
            returning *
        ), candle as (
            insert into api_integration.candles as candles
                (coin_id, currency, interval, open_time, open, high, low, close, first_at, last_at)
            select coin_id, currency, '1m', date_trunc('minute', as_of), price, price, price, price, as_of, as_of from tick
            on conflict (coin_id, currency, interval, open_time) do update
                set high = greatest(candles.high, excluded.high), low = least(candles.low, excluded.low), close = excluded.close,
                    last_at = excluded.last_at
        )
        insert into api_integration.latest_prices (coin_id, currency, price, as_of, provider)
        select coin_id, currency, price, as_of, provider from tick
        on conflict (coin_id, currency) do update set price = excluded.price, as_of = excluded.as_of
        """;

    private const string Evaluate = """
        with fired as (
            update alerts.alerts alert
            set is_met = true, triggered_at = now(), last_fired_at = $3
            where id = any (array(
                select due.id
                from unnest($1) coins (coin_id)
                cross join lateral (
                    select id from alerts.alerts
                    where is_active
                        and (condition in ('above', 'crosses_above') and is_met is not true or condition in ('below', 'crosses_below') and is_met)
                        and coin_id = coins.coin_id and currency = 'USD' and price <= $2
                    union all
                    select id from alerts.alerts
                    where is_active
                        and (condition in ('below', 'crosses_below') and is_met is not true or condition in ('above', 'crosses_above') and is_met)
                        and coin_id = coins.coin_id and currency = 'USD' and price >= $2
                ) due))
            returning id, user_id
        ), history as (
            insert into alerts.alert_history (alert_id, user_id, price_at_trigger, currency, provider, price_as_of, notification_sent)
            select id, user_id, $2, 'USD', 'admin', $3, true from fired
            returning id, user_id
        )
        insert into alerts.alert_deliveries (history_id, channel, user_id, status, sent_at)
        select id, 'app', user_id, 'sent', now() from history
        """;

    private static (double Intake, double Evaluation) Median(List<(double Intake, double Evaluation)> times) =>
        (
            times.Select(time => time.Intake).Order().ElementAt(times.Count / 2),
            times.Select(time => time.Evaluation).Order().ElementAt(times.Count / 2)
        );

    private sealed record Batch(string[] Coins, decimal Price, DateTimeOffset AsOf)
    {
        private static readonly string[] All =
        [
            .. Enumerable.Range(0, AlertsBenchmark.Coins).Select(coin => $"asset-{coin}"),
        ];

        public static Batch Next(decimal price) =>
            new(All, price, TimeProvider.System.GetUtcNow().AddHours(-1).AddMilliseconds(++_round));
    }
}
