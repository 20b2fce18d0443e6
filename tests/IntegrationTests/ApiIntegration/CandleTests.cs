using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class CandleTests : MarketTest
{
    private static readonly DateTimeOffset Day = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Prices_fold_into_one_minute_candles_by_their_time()
    {
        (
            await QuoteAsync(("bitcoin", "USD", 5, Day.AddSeconds(30)), ("bitcoin", "USD", 9, Day.AddSeconds(10)))
        ).ShouldBe(202);
        (
            await QuoteAsync(("bitcoin", "USD", 7, Day.AddSeconds(50)), ("bitcoin", "USD", 6, Day.AddSeconds(5)))
        ).ShouldBe(202);

        Assert.That(Numbers((await CandlesAsync("bitcoin", "interval=1m")).Single()), Is.EqualTo("6 9 5 7 -"));
    }

    [Test]
    public async Task An_import_replaces_what_prices_folded_into_and_is_not_changed_by_them()
    {
        (await QuoteAsync(("bitcoin", "USD", 5, Day.AddSeconds(30)))).ShouldBe(202);
        Assert.That(
            (await ImportAsync("bitcoin", "USD", "1m", "2024-03-01T00:00:00Z,1,4,1,3,10")).ShouldBe(200)["imported"],
            Is.EqualTo("1")
        );
        (await QuoteAsync(("bitcoin", "USD", 99, Day.AddSeconds(40)))).ShouldBe(202);

        Assert.That(Numbers((await CandlesAsync("bitcoin", "interval=1m")).Single()), Is.EqualTo("1 4 1 3 10"));
    }

    [Test]
    public async Task The_same_file_twice_imports_nothing_the_second_time()
    {
        string[] rows = ["1709251200000,1,4,1,3,10", "1709251260000,3,4,2,2,1e-05"];

        var first = (await ImportAsync("bitcoin", "USD", "1m", rows)).ShouldBe(200);
        var second = (await ImportAsync("bitcoin", "USD", "1m", rows)).ShouldBe(200);

        Assert.That((first["imported"], second["imported"], second["duplicates"]), Is.EqualTo(("2", "0", "2")));
    }

    [Test]
    public async Task Bad_rows_are_named_and_the_good_ones_stored()
    {
        var answer = await ImportAsync(
            "bitcoin",
            "USD",
            "5m",
            "2024-03-01T00:00:00Z,1,4,1,3,10",
            "2024-03-01T00:06:00Z,1,4,1,3,10",
            "2024-03-01T00:10:00Z,1,2,1,3,10",
            "2024-03-01T00:15:00Z,1,4,2,3,10",
            "2024-03-01T00:20:00Z,1,4,-1,3,10",
            "2024-03-01T00:25:00Z,x,4,1,3,10",
            "2999-03-01T00:30:00Z,1,4,1,3,10",
            "2024-03-01T00:35:00Z,1,4,1,3",
            "2024-03-01,1,4,1,3,10",
            "1709251200,1,4,1,3,10",
            "2024-03-01T00:40:00Z,1,4,1,3,-10",
            "2024-03-01T00:00:00Z,1,4,1,3,10",
            "2024-03-01T00:00:00Z,1,5,1,3,10",
            "\"2024-03-01T00:45:00Z,1,4,1,3,10",
            "2024-03-01T00:50:00Z,1,4,1,3,10"
        );

        var rejected = answer.ShouldBe(200).Json["rejected"]!.AsArray().Select(row => (int)row!["line"]!);
        Assert.That(rejected, Is.EqualTo(new[] { 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15 }), answer.Text);
        Assert.That((answer["imported"], answer["duplicates"]), Is.EqualTo(("2", "1")));
    }

    [Test]
    public async Task A_coarser_import_serves_where_nothing_finer_was_imported()
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1h",
                "2024-03-01T00:00:00Z,1,9,1,2,60",
                "2024-03-01T01:00:00Z,2,8,2,3,60"
            )
        ).ShouldBe(200);
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1m",
                "2024-03-01T01:00:00Z,5,6,4,5,1",
                "2024-03-01T01:59:00Z,5,7,5,6,1"
            )
        ).ShouldBe(200);
        (
            await QuoteAsync(("bitcoin", "USD", 100, Day.AddMinutes(30)), ("bitcoin", "USD", 3, Day.AddMinutes(90)))
        ).ShouldBe(202);

        var hours = await CandlesAsync("bitcoin", "interval=1h");

        Assert.That(hours.Select(Numbers), Is.EqualTo(new[] { "1 9 1 2 60", "5 7 3 6 2" }));
    }

    [Test]
    public async Task Buckets_are_aligned_to_UTC_and_the_range_is_half_open()
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1h",
                [.. Enumerable.Range(0, 12).Select(h => $"2024-03-01T{h:00}:00:00Z,{h},{h},{h},{h},1")]
            )
        ).ShouldBe(200);

        var candles = await CandlesAsync(
            "bitcoin",
            "interval=4h&from=2024-03-01T03:30:00%2B01:00&to=2024-03-01T08:00:00Z"
        );

        Assert.That(
            candles.Select(c => $"{c!["time"]} {Numbers(c)}"),
            Is.EqualTo(new[] { "2024-03-01T04:00:00Z 4 7 4 7 4" })
        );
    }

    [TestCase("1m")]
    [TestCase("5m")]
    public async Task Pages_give_each_candle_once_across_gaps(string interval)
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1m",
                [.. Enumerable.Range(0, 30).Select(n => $"{Rfc3339(Day.AddMinutes(n * n))},{n},{n},{n},{n},1")]
            )
        ).ShouldBe(200);
        var all = (await CandlesAsync("bitcoin", $"interval={interval}")).Select(c => c!.ToJsonString()).ToList();

        var paged = new List<string>();
        for (string? cursor = "", query = ""; cursor is not null; query = $"&cursor={cursor}")
        {
            var page = (await Admin.GetAsync($"/market/candles/bitcoin?interval={interval}&limit=4{query}")).ShouldBe(
                200
            );
            Assert.That(page.Items, Has.Count.EqualTo(Math.Min(4, all.Count - paged.Count)));
            paged.AddRange(page.Items.Select(c => c!.ToJsonString()));
            cursor = page["nextCursor"];
        }

        Assert.That(paged, Is.EqualTo(all));
    }

    [Test]
    public async Task A_page_goes_on_after_the_last_and_never_before_from()
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1m",
                [.. Enumerable.Range(0, 10).Select(n => $"{Rfc3339(Day.AddMinutes(n))},{n},{n},{n},{n},1")]
            )
        ).ShouldBe(200);
        const string first = "/market/candles/bitcoin?interval=1m&limit=2";
        var cursor = (await Admin.GetAsync(first)).ShouldBe(200)["nextCursor"];

        var page = (await Admin.GetAsync($"{first}&from={Rfc3339(Day.AddMinutes(5))}&cursor={cursor}")).ShouldBe(200);

        Assert.That(page.Items.Select(candle => candle!["open"]!.ToString()), Is.EqualTo(new[] { "5", "6" }));
    }

    [TestCase("interval=2h", "interval")]
    [TestCase("from=yesterday", "from")]
    [TestCase("to=2024-03-01T00:00:00", "to")]
    [TestCase("currency=usd", "currency")]
    [TestCase("limit=201", "limit")]
    [TestCase("cursor=x", "cursor")]
    public async Task A_bad_question_is_refused_by_name(string query, string field) =>
        (await Admin.GetAsync($"/market/candles/bitcoin?{query}")).ShouldNameField(field);

    [TestCase("coinId=bitcoin&currency=USD", "interval")]
    [TestCase("coinId=bitcoin&currency=USD&interval=2m", "interval")]
    [TestCase("currency=USD&interval=1m", "coinId")]
    [TestCase("coinId=bitcoin&interval=1m", "currency")]
    public async Task An_import_says_what_it_is_of(string query, string field) =>
        (await Admin.PostCsvAsync($"/admin/market/candles?{query}", "time,open,high,low,close,volume")).ShouldNameField(
            field
        );

    [TestCase("")]
    [TestCase("a,b,c")]
    [TestCase("{\"prices\":[]}")]
    public async Task A_file_that_is_none_is_refused(string file) =>
        (
            await Admin.PostCsvAsync("/admin/market/candles?coinId=bitcoin&currency=USD&interval=1m", file)
        ).ShouldNameField("body");

    [Test]
    public async Task A_row_of_more_fields_than_the_header_is_rejected()
    {
        var import = await ImportAsync(
            "bitcoin",
            "USD",
            "1m",
            "2024-03-01T12:00:00Z,1,1,1,1,1,000",
            "2024-03-01T12:01:00Z,1,1,1,1,1"
        );

        var rejected = import.ShouldBe(200).Json["rejected"]!.AsArray().Single()!;
        Assert.That($"{rejected["line"]} {rejected["error"]}", Is.EqualTo("2 has 7 fields, more than the header"));
        Assert.That(import["imported"], Is.EqualTo("1"));
    }

    [Test]
    public async Task Volumes_of_28_digits_are_kept_and_summed_to_the_last()
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1m",
                "2024-03-01T12:00:00Z,1,1,1,1,0.1234567890123456789012345678",
                "2024-03-01T12:01:00Z,1,1,1,1,0.1000000000000000000000000001",
                "2024-03-01T12:05:00Z,1,1,1,1,1234567890123456789012345678"
            )
        ).ShouldBe(200);

        Assert.That(
            (await CandlesAsync("bitcoin", "interval=1m")).Select(candle => candle!["volume"]!.ToString()),
            Is.EqualTo(
                new[]
                {
                    "0.1234567890123456789012345678",
                    "0.1000000000000000000000000001",
                    "1234567890123456789012345678",
                }
            )
        );
        Assert.That(
            (await CandlesAsync("bitcoin", "interval=5m"))[0]!["volume"]!.ToString(),
            Is.EqualTo("0.2234567890123456789012345679")
        );
    }

    [Test]
    public async Task Only_text_csv_is_taken() =>
        (await Admin.PostAsync("/admin/market/candles?coinId=bitcoin&currency=USD&interval=1m", new { })).ShouldBe(415);

    [Test]
    public async Task Real_minutes_resample_to_the_hours_that_others_derived_from_them()
    {
        await ImportFileAsync("bitcoin", "USD", "1m", "candles/bitfinex_BTCUSD_1m_2019-Q1.csv.gz");
        await ImportFileAsync("bitcoin", "USD", "1m", "candles/bitfinex_BTCUSD_1m_2019-Q2.csv.gz");

        var hours = await CandlesAsync("bitcoin", "interval=1h&from=2019-01-01T00:00:00Z&to=2019-07-01T00:00:00Z");

        AssertSame(
            hours,
            Rows("candles/bitfinex_BTCUSD_1h_2017-2019_derived-from-1m.csv.gz")
                .Where(row => row[0] is >= 1546300800000 and < 1561939200000)
        );
    }

    [Test]
    public async Task Real_minutes_resample_to_what_the_same_exchange_gives_for_five()
    {
        await ImportFileAsync("ripple", "ETH", "1m", "candles/freqtrade_XRP_ETH_1m_2019-10.csv");
        var minutes = Rows("candles/freqtrade_XRP_ETH_1m_2019-10.csv").ToList();
        var (from, to) = (FirstWholeFive(minutes[0][0]), FirstWholeFive(minutes[^1][0] - 239_999));

        var fives = await CandlesAsync("ripple", $"currency=ETH&interval=5m&from={Time(from)}&to={Time(to)}");

        AssertSame(fives, Rows("candles/freqtrade_XRP_ETH_5m_2019-10.csv").Where(row => row[0] >= from && row[0] < to));

        static decimal FirstWholeFive(decimal milliseconds) => Math.Ceiling(milliseconds / 300_000) * 300_000;
        static string Time(decimal milliseconds) =>
            Rfc3339(DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds));
    }

    [Test]
    public async Task A_dirty_archive_is_refused_row_by_row()
    {
        var answer = await ImportFileAsync(
            "bitcoin",
            "USDT",
            "1d",
            "candles/gct_binance_BTCUSDT_1d_2019_DIRTY-high-equals-close.csv"
        );

        Assert.That((answer["imported"], answer.Json["rejected"]!.AsArray().Count), Is.EqualTo(("189", 176)));
    }

    private async Task<ApiResponse> ImportFileAsync(string coinId, string currency, string interval, string path)
    {
        await using var file = Open(path);
        return (
            await Admin.PostCsvAsync(
                $"/admin/market/candles?coinId={coinId}&currency={currency}&interval={interval}",
                file
            )
        ).ShouldBe(200);
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(SharedData.File(path));
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static IEnumerable<decimal[]> Rows(string path)
    {
        using var reader = new StreamReader(Open(path));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return
            [
                .. line.Split(',')
                    .Select(field => decimal.Parse(field, NumberStyles.Float, CultureInfo.InvariantCulture)),
            ];
        }
    }

    /// <summary>Prices to the last digit; volumes up to the residue past the 18th decimal, which the archive carries and nobody traded.</summary>
    private static void AssertSame(JsonArray candles, IEnumerable<decimal[]> expected)
    {
        var actual = candles.Select(candle =>
        {
            var numbers = new[] { "open", "high", "low", "close", "volume" }.Select(name =>
                decimal.Parse(candle![name]!.ToString(), CultureInfo.InvariantCulture)
            );
            return (decimal[])
                [
                    DateTimeOffset
                        .Parse(candle!["time"]!.ToString(), CultureInfo.InvariantCulture)
                        .ToUnixTimeMilliseconds(),
                    .. numbers,
                ];
        });
        Assert.That(actual.Select(Line), Is.EqualTo(expected.Select(Line)).And.Not.Empty);

        static string Line(decimal[] candle) =>
            string.Join(' ', candle[..5].Append(Math.Round(candle[5], 15)).Select(Domain.Values.Exact.Format));
    }
}
