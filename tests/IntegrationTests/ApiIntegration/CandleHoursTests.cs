using CryptoBeacon.IntegrationTests.Harness;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>The hours that are kept ready say at every moment what the candles say.</summary>
internal sealed class CandleHoursTests : MarketTest
{
    private static readonly DateTimeOffset Day = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The plain reading: every hour from every stored candle, with nothing kept.</summary>
    private const string Plain = """
        select coalesce(string_agg(concat_ws(' ', coin_id, hour, open, high, low, close, coalesce(volume::text, '-')), E'\n' order by coin_id, hour), '')
        from (
            select distinct on (coin_id, hour) *
            from (
                select coin_id, date_trunc('hour', open_time, 'UTC') as hour, interval, bool_or(is_imported) as is_imported,
                    (array_agg(open order by open_time))[1] as open, max(high) as high, min(low) as low,
                    (array_agg(close order by open_time desc))[1] as close, sum(volume) as volume
                from api_integration.candles
                where interval in ('1m', '5m', '15m', '1h')
                group by coin_id, hour, interval
            ) folds
            order by coin_id, hour, is_imported desc, array_position(array['1m', '5m', '15m', '1h'], interval)
        ) hours
        """;

    private const string Kept = """
        select coalesce(string_agg(concat_ws(' ', coin_id, open_time, open, high, low, close, coalesce(volume::text, '-')), E'\n' order by coin_id, open_time), '')
        from api_integration.hourly_candles
        """;

    [Test]
    public async Task An_hour_follows_late_prices_and_replaced_candles_folded_or_not()
    {
        (await ImportAsync("bitcoin", "USD", "1m", "2024-03-01T00:00:00Z,1,4,1,3,10")).ShouldBe(200);
        await AssertHourAsync("1 4 1 3 10");

        (await QuoteAsync(("bitcoin", "USD", 9, Day.AddMinutes(59)))).ShouldBe(202);
        await AssertHourAsync("1 9 1 9 10");

        (await ImportAsync("bitcoin", "USD", "1m", "2024-03-01T00:59:00Z,2,2,2,2,1")).ShouldBe(200);
        await AssertHourAsync("1 4 1 2 11");

        await StoredAsync<object>("delete from api_integration.candles where open_time < '2024-03-01T00:59:00Z'");
        await AssertHourAsync("2 2 2 2 1");

        await StoredAsync<object>("delete from api_integration.candles");
        Assert.That(await CandlesAsync("bitcoin", "interval=1h"), Is.Empty);
        await FoldAsync();
        Assert.That(await CandlesAsync("bitcoin", "interval=1h"), Is.Empty);
    }

    [Test]
    public async Task A_fold_is_done_once_and_the_hour_that_lasts_is_folded_by_who_reads_it()
    {
        var now = Now;
        var thisHour = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerHour));
        (
            await QuoteAsync(
                ("bitcoin", "USD", 5, thisHour),
                ("bitcoin", "USD", 6, Day),
                ("bitcoin", "USD", 7, Day.AddHours(1))
            )
        ).ShouldBe(202);
        await FoldAsync();

        Assert.That(
            await StoredAsync<string>(
                """
                select concat((select count(*) from api_integration.candle_hours), ' kept, ',
                    (select count(*) from api_integration.unfolded_hours), ' marked')
                """
            ),
            Is.EqualTo("2 kept, 1 marked")
        );
        Assert.That(
            (await CandlesAsync("bitcoin", "interval=1h")).Select(Numbers),
            Is.EqualTo(new[] { "6 6 6 6 -", "7 7 7 7 -", "5 5 5 5 -" })
        );
    }

    [Test]
    public async Task Imported_hours_are_folded_soon_without_being_asked_for()
    {
        (await ImportAsync("bitcoin", "USD", "1m", "2024-03-01T00:00:00Z,1,4,1,3,10")).ShouldBe(200);

        await EventuallyAsync(
            () => StoredAsync<long>("select count(*) from api_integration.candle_hours"),
            kept => kept == 1
        );
    }

    [Test]
    public async Task What_was_marked_before_its_change_is_committed_is_not_folded_away()
    {
        (await ImportAsync("bitcoin", "USD", "1m", "2024-03-01T00:00:00Z,1,4,1,3,10")).ShouldBe(200);
        await FoldAsync();
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var change = await connection.BeginTransactionAsync();
        await using var raise = new NpgsqlCommand(
            "update api_integration.candles set high = 8, open = 8",
            connection,
            change
        );
        await raise.ExecuteNonQueryAsync();

        Assert.That(
            await StoredAsync<int?>("select api_integration.fold_hours(now(), 1000)"),
            Is.Null,
            "waits for nobody"
        );
        await AssertReadsAsync("1 4 1 3 10");
        await change.CommitAsync();
        await AssertHourAsync("8 8 1 3 10");
    }

    [Test]
    public async Task Whatever_comes_in_at_once_the_hours_equal_the_plain_reading()
    {
        var random = new Random(20240301);
        string[] coins = ["bitcoin", "ethereum"];
        string[] intervals = ["1m", "5m", "15m", "1h"];
        int[] lengths = [1, 5, 15, 60];
        var work = Enumerable.Range(0, 40).Select(_ => (random.Next(8), random.Next(), random.Next(2))).ToList();
        await Parallel.ForEachAsync(
            work,
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (step, _) =>
            {
                var (kind, seed, coin) = step;
                var own = new Random(seed);
                switch (kind)
                {
                    case < 4:
                        (
                            await QuoteAsync([
                                .. Enumerable
                                    .Range(0, 20)
                                    .Select(n =>
                                        (
                                            coins[n % 2],
                                            "USD",
                                            (decimal)own.Next(1, 100),
                                            (DateTimeOffset?)Day.AddSeconds(own.Next(4 * 3600))
                                        )
                                    ),
                            ])
                        ).ShouldBe(202);
                        break;
                    case < 6:
                        var level = own.Next(intervals.Length);
                        (
                            await ImportAsync(
                                coins[coin],
                                "USD",
                                intervals[level],
                                [
                                    .. Enumerable
                                        .Range(0, 10)
                                        .Select(_ => own.Next(240 / lengths[level]))
                                        .Distinct()
                                        .Select(n =>
                                            $"{Rfc3339(Day.AddMinutes(n * lengths[level]))},{own.Next(5, 9)},{own.Next(9, 12)},{own.Next(1, 5)},7,1"
                                        ),
                                ]
                            )
                        ).ShouldBe(200);
                        break;
                    default:
                        await StoredAsync<int?>("select api_integration.fold_hours(now(), 3)");
                        break;
                }
            }
        );

        var plain = await StoredAsync<string>(Plain);
        Assert.That(plain, Is.Not.Empty);
        Assert.That(await StoredAsync<string>(Kept), Is.EqualTo(plain));
        await FoldAsync();
        Assert.That(await StoredAsync<string>(Kept), Is.EqualTo(plain));
    }

    [Test]
    public async Task Hours_folded_or_not_come_in_their_order_however_they_are_cut_into_pages([Range(1, 6)] int limit)
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1m",
                [
                    .. Enumerable
                        .Range(1, 6)
                        .Select(hour => $"{Rfc3339(Day.AddHours(hour))},{hour},{hour},{hour},{hour},1"),
                ]
            )
        ).ShouldBe(200);
        await FoldAsync();
        // The third changes, the fourth is emptied: neither is folded anew yet.
        await StoredAsync<object>(
            """
            update api_integration.candles set high = 9 where open = 3;
            delete from api_integration.candles where open = 4
            """
        );

        Assert.That(await PagesAsync("to=2024-04-01T00:00:00Z"), Is.EqualTo(new[] { "1", "2", "9", "5", "6" }));
        Assert.That(await PagesAsync("to=2024-03-01T04:00:00Z"), Is.EqualTo(new[] { "1", "2", "9" }));
        Assert.That(await PagesAsync("to=2024-03-01T03:00:00Z"), Is.EqualTo(new[] { "1", "2" }));

        async Task<List<string>> PagesAsync(string query)
        {
            var highs = new List<string>();
            string? cursor = null;
            do
            {
                var page = (
                    await Admin.GetAsync(
                        $"/market/candles/bitcoin?interval=1h&limit={limit}&{query}{(cursor is null ? "" : $"&cursor={cursor}")}"
                    )
                ).ShouldBe(200);
                highs.AddRange(page.Items.Select(candle => candle!["high"]!.ToString()));
                cursor = page["nextCursor"];
            } while (cursor is not null);

            return highs;
        }
    }

    [Test]
    public async Task Days_are_made_of_hours_and_give_way_to_what_was_imported_finer()
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1d",
                "2024-03-01T00:00:00Z,1,99,1,50,5",
                "2024-03-02T00:00:00Z,50,60,40,55,6"
            )
        ).ShouldBe(200);
        (await ImportAsync("bitcoin", "USD", "4h", "2024-03-01T04:00:00Z,3,4,2,3,1")).ShouldBe(200);
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "15m",
                "2024-03-01T05:15:00Z,6,7,5,6,1",
                "2024-03-01T06:00:00Z,6,9,6,8,1"
            )
        ).ShouldBe(200);
        (await QuoteAsync(("bitcoin", "USD", 100, Day.AddDays(1).AddHours(3)))).ShouldBe(202);

        for (var isFolded = false; ; isFolded = true)
        {
            Assert.That(
                (await CandlesAsync("bitcoin", "interval=1d")).Select(Numbers),
                Is.EqualTo(new[] { "6 9 5 8 2", "50 60 40 55 6" })
            );
            Assert.That(
                (await CandlesAsync("bitcoin", "interval=4h")).Select(candle => $"{candle!["time"]} {Numbers(candle)}"),
                Is.EqualTo(new[] { "2024-03-01T04:00:00Z 6 9 5 8 2", "2024-03-02T00:00:00Z 100 100 100 100 -" })
            );
            if (isFolded)
            {
                break;
            }

            await FoldAsync();
        }
    }

    private async Task AssertHourAsync(string numbers)
    {
        await AssertReadsAsync(numbers);
        await FoldAsync();
        await AssertReadsAsync(numbers);
    }

    private async Task AssertReadsAsync(string numbers) =>
        Assert.That((await CandlesAsync("bitcoin", "interval=1h")).Select(Numbers), Is.EqualTo(new[] { numbers }));

    private static async Task FoldAsync() =>
        await EventuallyAsync(
            () => StoredAsync<int?>("select api_integration.fold_hours(now(), 1000)"),
            folded => folded == 0
        );
}
