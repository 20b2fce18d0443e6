using System.Globalization;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Application.Json;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>
/// Two servers that are killed, on a PostgreSQL that is stopped in the middle of its work, while prices come in: at the end the history is that of the plain
/// reading, to the row. STORM_ALERTS and STORM_BATCHES make it larger.
/// </summary>
[Platform(Exclude = "Win")]
internal sealed class StormTests
{
    private static readonly int Alerts = Setting("STORM_ALERTS", 2_000);
    private static readonly int Batches = Setting("STORM_BATCHES", 24);
    private static readonly DateTime Start = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Coins = ["bitcoin", "ethereum", "solana", "cardano", "litecoin"];

    [Test]
    public async Task Whatever_is_killed_every_crossing_fires_once()
    {
        var random = new Random(5);
        await using var place = await OwnInstallation.StartAsync(servers: 2);
        var owner = await place.AskAsync(async http =>
            Guid.Parse((await (await ApiUser.SignUpAsync(http)).GetAsync("/me"))["id"]!)
        );
        var alerts = Enumerable
            .Range(0, Alerts)
            .Select(_ => (Id: Guid.CreateVersion7(), Terms: DrawTerms(random)))
            .ToList();
        await ArmAsync(place, owner, alerts);

        var quotes = Coins.ToDictionary(coin => coin, _ => new List<Quote>());
        for (var number = 0; number < Batches; number++)
        {
            var batch = Coins
                .Select(coin =>
                    (Coin: coin, Quote: new Quote(Start.AddSeconds(number * 20), DrawPrice(random, quotes[coin])))
                )
                .ToList();
            batch.ForEach(said => quotes[said.Coin].Add(said.Quote));
            await QuoteAsync(place, $"storm-{number}", batch);
            if (number % 12 == 4)
            {
                await place.KillServerAsync(random.Next(2));
            }

            if (number % 20 == 9)
            {
                await place.StopDatabaseAtOnceAsync();
            }
        }

        await EvaluatedAsync(place);
        var expected = alerts
            .SelectMany(alert => PlainReading.Of(alert.Id, alert.Terms, quotes[alert.Terms.CoinId]))
            .Order()
            .ToList();
        Assert.That(expected, Has.Count.GreaterThan(Alerts / 2));
        Assert.That(await FiringsAsync(place), Is.EqualTo(expected));
    }

    /// <summary>It wanders, and jumps now and then.</summary>
    private static decimal DrawPrice(Random random, List<Quote> before) =>
        before.Count == 0 || random.Next(10) == 0
            ? 80 + random.Next(41)
            : Math.Clamp(before[^1].Price + random.Next(-4, 5), 80, 120);

    private static AlertTerms DrawTerms(Random random)
    {
        var condition = (AlertCondition)random.Next(6);
        return new AlertTerms(
            Coins[random.Next(Coins.Length)],
            condition,
            condition.IsMovement() ? random.Next(1, 40) : 80 + random.Next(41),
            "USD",
            null,
            [NotificationChannel.App],
            null,
            random.Next(4) == 0 ? AlertRepeat.Once : AlertRepeat.EveryCrossing,
            random.Next(2) * 60,
            random.Next(3) * 2,
            condition.IsMovement() ? random.Next(1, 6) * 30 : null,
            true
        );
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;

    private static async Task ArmAsync(
        OwnInstallation place,
        Guid owner,
        IReadOnlyCollection<(Guid Id, AlertTerms Terms)> alerts
    )
    {
        await using var connection = new NpgsqlConnection(place.Superuser);
        await connection.ExecuteAsync(
            """
            insert into alerts.alerts (id, user_id, coin_id, condition, price, repeat, cooldown_seconds, hysteresis_percent, window_seconds)
            select id, @owner, coin, condition, price, repeat, cooldown, hysteresis, nullif(look_back, 0)
            from unnest(@ids, @coins, @conditions, @prices, @repeats, @cooldowns, @hystereses, @windows)
                alert (id, coin, condition, price, repeat, cooldown, hysteresis, look_back)
            """,
            new
            {
                owner,
                ids = alerts.Select(alert => alert.Id).ToArray(),
                coins = alerts.Select(alert => alert.Terms.CoinId).ToArray(),
                conditions = alerts.Select(alert => WireName.Of(alert.Terms.Condition)).ToArray(),
                prices = alerts.Select(alert => alert.Terms.Price).ToArray(),
                repeats = alerts.Select(alert => WireName.Of(alert.Terms.Repeat)).ToArray(),
                cooldowns = alerts.Select(alert => alert.Terms.CooldownSeconds).ToArray(),
                hystereses = alerts.Select(alert => alert.Terms.HysteresisPercent).ToArray(),
                windows = alerts.Select(alert => alert.Terms.WindowSeconds ?? 0).ToArray(),
            },
            commandTimeout: 600
        );
    }

    /// <summary>Again until it is answered: by its key it is stored once.</summary>
    private static Task<ApiResponse> QuoteAsync(
        OwnInstallation place,
        string key,
        IEnumerable<(string Coin, Quote Quote)> said
    ) =>
        place.AskAsync(async http =>
        {
            var admin = await ApiUser.SignInAsync(http, TestServer.AdminEmail, TestServer.AdminPassword);
            var prices = said.Select(price => new
            {
                coinId = price.Coin,
                currency = "USD",
                price = price.Quote.Price,
                asOf = price.Quote.At,
            });
            return (await admin.PostAsync("/admin/market/prices", new { prices }, ("Idempotency-Key", key))).ShouldBe(
                202
            );
        });

    private static Task<long> EvaluatedAsync(OwnInstallation place) =>
        ApiTest.EventuallyAsync(
            async () =>
            {
                await using var connection = new NpgsqlConnection(place.Superuser);
                return await connection.ExecuteScalarAsync<long>(
                    "select count(*) from api_integration.price_batches where evaluated_at is null"
                );
            },
            left => left == 0,
            TimeSpan.FromSeconds(120) + TimeSpan.FromMicroseconds(30L * Alerts * Batches)
        );

    private static async Task<List<Firing>> FiringsAsync(OwnInstallation place)
    {
        await using var connection = new NpgsqlConnection(place.Superuser);
        var rows = await connection.QueryAsync<(Guid, DateTime, decimal)>(
            "select alert_id, price_as_of, price_at_trigger from alerts.alert_history",
            commandTimeout: 600
        );
        return [.. rows.Select(row => new Firing(row.Item1, row.Item2, row.Item3)).Order()];
    }
}
