using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using CryptoBeacon.IntegrationTests.Harness;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.IntegrationTests.Alerts;

internal sealed class EvaluateAlertsTests : AlertTest
{
    [TestCase("above", "100", "110 99.99 100 105 99 101", "110 100 101")]
    [TestCase("below", "100", "90 100 100.01 100 50", "90 100")]
    [TestCase("crosses_above", "100", "110 120 99 100 101", "100")]
    [TestCase("crosses_below", "100", "90 101 100 99 102 98", "100 98")]
    public async Task A_condition_fires_on_each_change_to_true_and_once_only_on_the_first(
        string condition,
        string target,
        string prices,
        string firings
    )
    {
        var user = await SignUpAsync();
        var every = await ArmAsync(user, condition, decimal.Parse(target));
        var once = await ArmAsync(user, condition, decimal.Parse(target), "once");

        await PriceIsAsync(Numbers(prices));

        Assert.That(await FiringsAsync(user, every), Is.EqualTo(firings.Split(' ')));
        Assert.That(await FiringsAsync(user, once), Is.EqualTo(firings.Split(' ').Take(1)));
        Assert.That((await user.GetAsync($"/alerts/{every}"))["isActive"], Is.EqualTo("true"));
        Assert.That((await user.GetAsync($"/alerts/{once}"))["isActive"], Is.EqualTo("false"));
    }

    [TestCase("crosses_above", 90, 110, 1)]
    [TestCase("crosses_above", 105, 110, 0)]
    [TestCase("crosses_below", 110, 90, 1)]
    [TestCase("crosses_below", 95, 90, 0)]
    public async Task An_edge_counts_the_price_that_was_known_when_it_was_armed(
        string condition,
        decimal known,
        decimal next,
        int firings
    )
    {
        var user = await SignUpAsync();
        await PriceIsAsync(known);
        var alert = await ArmAsync(user, condition, 100);

        await PriceIsAsync(next);

        Assert.That(await FiringsAsync(user, alert), Has.Exactly(firings).Items);
    }

    [TestCase("above", "100", "110 99.99 100 105 99 101", "110 100 101")]
    [TestCase("crosses_below", "100", "90 101 100 99 102 98", "100 98")]
    public async Task Borders_between_batches_make_no_difference(
        string condition,
        string target,
        string prices,
        string firings
    )
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, condition, decimal.Parse(target));

        foreach (var price in Numbers(prices))
        {
            await QuoteAsync(price);
        }

        await EvaluatedAsync();
        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(firings.Split(' ')));
    }

    [Test]
    public async Task With_hysteresis_the_price_must_go_back_far_enough()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 100,
                repeat = "every_crossing",
                hysteresisPercent = 5,
            }
        );

        await PriceIsAsync(100, 96, 101, 95.01m, 102, 95, 103);

        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "100", "103" }));
    }

    [Test]
    public async Task Within_the_cooldown_it_stays_silent()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 100,
                repeat = "every_crossing",
                cooldownSeconds = 4,
            }
        );

        // A second apart: 101 fires, 102 comes too early two seconds later, 105 is in time after four.
        await PriceIsAsync(101, 99, 102);
        await PriceIsAsync(99, 105, 99, 106);

        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "101", "105" }));
    }

    [Test]
    public async Task The_cooldown_goes_on_from_batch_to_batch()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 100,
                repeat = "every_crossing",
                cooldownSeconds = 60,
            }
        );

        await PriceIsAsync(101);
        await PriceIsAsync(99, 102, 99, 103);

        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "101" }));
    }

    [Test]
    public async Task An_alert_fires_for_prices_from_before_it_expires()
    {
        var user = await SignUpAsync();
        var inTime = await ArmAsync(user, "above", 100);
        var tooLate = await ArmAsync(user, "above", 200);
        var expiry = new DateTime(2020, 1, 1, 0, 0, 1, DateTimeKind.Utc);
        await StoredAsync<object>("update alerts.alerts set expires_at = $1 where coin_id = 'bitcoin'", expiry);

        await QuoteAsync([Price(110, expiry.AddSeconds(-1)), Price(210, expiry)]);
        await EvaluatedAsync();

        Assert.That(await FiringsAsync(user, inTime), Is.EqualTo(new[] { "110" }));
        Assert.That(await FiringsAsync(user, tooLate), Is.Empty);
        Assert.That(await StoredAsync<long>("select count(*) from alerts.alerts where is_active"), Is.Zero);
    }

    [Test]
    public async Task A_price_that_was_there_before_the_alert_fires_nothing_and_the_next_one_does()
    {
        var user = await SignUpAsync();
        string alert;
        await using (await HoldEvaluationAsync())
        {
            await QuoteAsync(110);
            alert = await ArmAsync(user, "above", 100);
        }

        await EvaluatedAsync();
        Assert.That(await FiringsAsync(user, alert), Is.Empty);

        await PriceIsAsync(111);
        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "111" }));
    }

    [Test]
    public async Task A_price_older_than_the_newest_known_fires_nothing()
    {
        var user = await SignUpAsync();
        await QuoteAsync([Price(90, new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc))]);
        var alert = await ArmAsync(user, "above", 100);

        await QuoteAsync([Price(110, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc))]);
        await EvaluatedAsync();

        Assert.That(await FiringsAsync(user, alert), Is.Empty);
    }

    [Test]
    public async Task A_currency_that_nobody_quotes_is_converted_and_one_that_is_quoted_is_not()
    {
        var user = await SignUpAsync();
        var converted = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 100,
                currency = "EUR",
            }
        );
        var quoted = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 100,
                currency = "GBP",
            }
        );
        var at = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        await QuoteAsync([
            new
            {
                coinId = "eur",
                currency = "USD",
                price = "1.25",
                asOf = at,
            },
            new
            {
                coinId = "gbp",
                currency = "USD",
                price = "1.25",
                asOf = at,
            },
            new
            {
                coinId = Coin,
                currency = "GBP",
                price = "99",
                asOf = at,
            },
        ]);

        await QuoteAsync([Price(125, at.AddSeconds(1))]);
        await EvaluatedAsync();

        Assert.That(await FiringsAsync(user, converted), Is.EqualTo(new[] { "100" }));
        Assert.That(await FiringsAsync(user, quoted), Is.Empty);
    }

    [Test]
    public async Task A_firing_says_where_its_notification_went()
    {
        var user = await SignUpAsync();
        await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 100,
                notificationChannels = new[] { "app", "email" },
            }
        );

        await PriceIsAsync(100.5m);

        var firing = await EventuallyAsync(
            async () => (await user.GetAsync("/alerts/history")).Items.Single()!,
            shown => shown["deliveries"]!.AsArray().All(delivery => delivery!["status"]!.ToString() != "pending")
        );
        Assert.That(firing["priceAtTrigger"]!.ToString(), Is.EqualTo("100.5"));
        Assert.That(firing["notificationSent"]!.GetValue<bool>(), Is.True);
        Assert.That(firing["notificationChannels"]!.ToJsonString(), Is.EqualTo("""["app"]"""));
        Assert.That(
            firing["deliveries"]!.AsArray().Select(delivery => $"{delivery!["channel"]} {delivery["status"]}"),
            Is.EqualTo(new[] { "app sent", "email disabled" })
        );
    }

    [Test]
    public async Task An_evaluation_that_is_killed_leaves_nothing_and_is_done_again()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, "above", 100);
        await using (var killed = await HoldEvaluationAsync())
        {
            await QuoteAsync(110, 90, 120);
            var evaluated = await killed.ServiceProvider.GetRequiredService<IMediator>().Send(new EvaluateNextBatch());
            Assert.That(evaluated.Value!.Firings, Is.EqualTo(2));
        }

        await EvaluatedAsync();
        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "110", "120" }));
    }

    [Test]
    public async Task Evaluators_that_race_fire_once()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, "above", 100);
        Task<Result<EvaluatedBatch?>>[] racers;
        await using (await HoldEvaluationAsync())
        {
            await QuoteAsync(110, 90);
            await QuoteAsync(120, 80, 130);
            racers = [.. Enumerable.Range(0, 5).Select(_ => EvaluateAsync())];
            await EventuallyAsync(
                () => StoredAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and not granted"),
                waiting => waiting >= 4
            );
        }

        var outcomes = await Task.WhenAll(racers);
        await EvaluatedAsync();
        Assert.That(outcomes.Count(outcome => outcome.Value is not null), Is.LessThanOrEqualTo(2));
        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "110", "120", "130" }));
    }

    [Test]
    public async Task A_change_that_waits_for_the_evaluation_is_not_undone_by_it()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, "above", 100, "once");
        await using (await HoldEvaluationAsync())
        {
            await QuoteAsync(110);
            (await user.PatchAsync($"/alerts/{alert}", new { price = 200 })).ShouldBe(200);
        }

        await EvaluatedAsync();
        Assert.That(await FiringsAsync(user, alert), Is.Empty);
        Assert.That((await user.GetAsync($"/alerts/{alert}"))["isActive"], Is.EqualTo("true"));
    }

    [Test]
    public async Task A_converted_price_is_compared_as_it_is_and_not_by_its_rounded_rate()
    {
        var user = await SignUpAsync();
        // A third of a dollar a euro: the rate ends after 18 threes, three dollars are one euro all the same.
        var alert = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 1,
                currency = "EUR",
            }
        );
        var euroAt = TimeProvider.System.GetUtcNow().AddHours(-2);
        await QuoteAsync([
            new
            {
                coinId = "eur",
                currency = "USD",
                price = 3,
                asOf = euroAt,
            },
        ]);

        await PriceIsAsync(3);

        var firing = (await user.GetAsync($"/alerts/{alert}/history")).ShouldBe(200).Items.Single()!;
        Assert.That($"{firing["priceAtTrigger"]} {firing["currency"]}", Is.EqualTo("1 EUR"));
        Assert.That(firing["route"]!.ToJsonString(), Is.EqualTo("[\"bitcoin/USD\",\"eur/USD\"]"));
        Assert.That(
            DateTimeOffset.Parse($"{firing["oldestRateAt"]}"),
            Is.EqualTo(euroAt).Within(TimeSpan.FromMilliseconds(1))
        );
    }

    [Test]
    public async Task A_quoted_price_is_its_own_route()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, "above", 100);

        await PriceIsAsync(110);

        var firing = (await user.GetAsync($"/alerts/{alert}/history")).ShouldBe(200).Items.Single()!;
        Assert.That(firing["route"]!.ToJsonString(), Is.EqualTo("[\"bitcoin/USD\"]"));
        Assert.That($"{firing["oldestRateAt"]}", Is.EqualTo($"{firing["priceAsOf"]}"));
    }

    [Test]
    public async Task An_alert_is_never_triggered_before_it_was_created()
    {
        var user = await SignUpAsync();
        string alert;
        // An evaluation whose transaction is older than the alert that it fires.
        await using (var older = await HoldEvaluationAsync())
        {
            alert = await ArmAsync(user, "above", 100);
            await QuoteAsync(110);
            await older.ServiceProvider.GetRequiredService<IMediator>().Send(new EvaluateNextBatch());
            await older.ServiceProvider.GetRequiredService<IUnitOfWork>().CommitAsync(CancellationToken.None);
        }

        var answer = (await user.GetAsync($"/alerts/{alert}")).ShouldBe(200);
        Assert.That(
            DateTimeOffset.Parse(answer["triggeredAt"]!),
            Is.GreaterThanOrEqualTo(DateTimeOffset.Parse(answer["createdAt"]!))
        );
    }

    [TestCase("percent_up", 10, 60, "100 109 110 120 105 130", "110 130")]
    [TestCase("percent_down", 10, 60, "100 91 90 80 95 70", "90 70")]
    [TestCase("percent_up", 10, 1, "100 105 110 121", "121")]
    public async Task A_movement_is_measured_within_its_window(
        string condition,
        int percent,
        int windowSeconds,
        string prices,
        string firings
    )
    {
        var user = await SignUpAsync();
        var alert = await ArmMovementAsync(user, condition, percent, windowSeconds);

        foreach (var price in Numbers(prices))
        {
            await QuoteAsync(price);
        }

        await EvaluatedAsync();
        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(firings.Split(' ')));
    }

    [Test]
    public async Task A_movement_is_measured_in_the_alerts_own_currency()
    {
        var user = await SignUpAsync();
        var alert = await ArmMovementAsync(user, "percent_up", 10, 3600, "EUR");
        var at = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        await QuoteAsync([Price("eur", 1.2m, at), Price(Coin, 120, at)]);

        // Nothing has moved but the euro.
        await QuoteAsync([Price("eur", 1, at.AddSeconds(90)), Price(Coin, 120, at.AddSeconds(90))]);

        await EvaluatedAsync();
        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "120" }));
    }

    [Test]
    public async Task Dollars_that_nobody_quotes_are_worked_out_as_well()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(
            user,
            new
            {
                coinId = "ethereum",
                condition = "above",
                price = 100,
            }
        );
        var at = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);

        await QuoteAsync([
            Price(220, at),
            new
            {
                coinId = "ethereum",
                currency = "BTC",
                price = "0.5",
                asOf = at,
            },
        ]);

        await EvaluatedAsync();
        Assert.That(await FiringsAsync(user, alert), Is.EqualTo(new[] { "110" }));
    }

    [TestCase(2, "111")]
    [TestCase(20, "")]
    public async Task The_high_of_a_minute_that_has_just_ended_counts_and_an_archives_does_not(
        int minutesAgo,
        string firings
    )
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, "above", 110);
        var time = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60);
        var candle = $"{UtcTime.Format(time.AddMinutes(-minutesAgo))},100,111,99,105,1";

        for (var again = 0; again < 2; again++)
        {
            (
                await (await AdminAsync()).PostCsvAsync(
                    $"/admin/market/candles?coinId={Coin}&currency=USD&interval=1m",
                    $"time,open,high,low,close,volume\n{candle}"
                )
            ).ShouldBe(200);
        }

        await EvaluatedAsync();
        Assert.That(
            await FiringsAsync(user, alert),
            Is.EqualTo(firings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
    }

    [Test]
    public async Task A_movement_from_nothing_is_none()
    {
        var user = await SignUpAsync();
        var alert = await ArmMovementAsync(user, "percent_up", 10, 3600);

        await PriceIsAsync(0, 0, 5);

        Assert.That(await FiringsAsync(user, alert), Is.Empty);
    }

    [Test]
    public async Task The_fifteenth_firing_within_three_minutes_pauses_an_alert_until_it_is_armed_again()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, "above", 100);
        await PriceIsAsync([.. Enumerable.Range(0, 20).Select(n => n % 2 == 0 ? 90m : 110m)]);
        await PriceIsAsync([.. Enumerable.Range(0, 20).Select(n => n % 2 == 0 ? 90m : 110m)]);

        Assert.That(await FiringsAsync(user, alert), Has.Exactly(15).Items);
        var paused = await user.GetAsync($"/alerts/{alert}");
        Assert.That($"{paused["isActive"]} {paused["pausedReason"]}", Is.EqualTo("false too_many_firings"));

        var armed = (await user.PostAsync($"/alerts/{alert}/rearm", new { })).ShouldBe(200);
        Assert.That($"{armed["isActive"]} {armed["pausedReason"]}", Is.EqualTo("true "));
        await PriceIsAsync(90, 110);
        Assert.That(await FiringsAsync(user, alert), Has.Exactly(16).Items);
    }

    [Test]
    public async Task A_server_whose_evaluation_lags_more_than_a_minute_is_not_ready()
    {
        await using (await HoldEvaluationAsync())
        {
            await QuoteAsync(100);
            await StoredAsync<object>(
                "update api_integration.price_batches set received_at = received_at - interval '61 seconds'"
            );

            var health = (await Anonymous.GetAsync("~/health/ready")).ShouldBe(503);
            Assert.That($"{health.Json["checks"]!["evaluation"]!["waitingBatches"]}", Is.EqualTo("1"));
        }

        await EvaluatedAsync();
        (await Anonymous.GetAsync("~/health/ready")).ShouldBe(200);
    }

    [Test]
    public async Task Prometheus_finds_what_evaluation_does()
    {
        await ArmAsync(await SignUpAsync(), "above", 100);
        await PriceIsAsync(110);

        var metrics = await EventuallyAsync(
            () => Anonymous.GetAsync("~/metrics"),
            answer => answer.Text.Contains("crypto_beacon_alerts_firings", StringComparison.Ordinal)
        );
        Assert.That(
            metrics.Text,
            Does.Contain("crypto_beacon_alerts_prices")
                .And.Contain("crypto_beacon_alerts_evaluation_duration")
                .And.Contain("crypto_beacon_alerts_waiting_batches")
                .And.Contain("crypto_beacon_alerts_oldest_batch_age")
        );
    }

    private static Task<string> ArmMovementAsync(
        ApiClient user,
        string condition,
        decimal price,
        int windowSeconds,
        string currency = "USD"
    ) =>
        ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition,
                price,
                windowSeconds,
                currency,
                repeat = "every_crossing",
            }
        );

    private static async Task<Result<EvaluatedBatch?>> EvaluateAsync()
    {
        await using var scope = JobScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new EvaluateNextBatch());
    }

    private static object Price(decimal price, DateTime asOf) => Price(Coin, price, asOf);

    private static object Price(string coinId, decimal price, DateTime asOf) =>
        new
        {
            coinId,
            currency = "USD",
            price,
            asOf,
        };

    private static decimal[] Numbers(string prices) => [.. prices.Split(' ').Select(decimal.Parse)];
}
