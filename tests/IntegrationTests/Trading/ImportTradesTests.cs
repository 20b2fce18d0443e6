using System.Text;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class ImportTradesTests : TradingTest
{
    private const string Header = "timestamp,coinId,type,quantity,price";

    private static string Row(int minute, string type, string quantity, string price = "100") =>
        $"{At(minute)},bitcoin,{type},{quantity},{price}";

    private static string Csv(params string[] lines) => string.Join("\n", lines.Prepend(Header));

    private static string[] Lines(ApiResponse answer, string list) =>
        [.. answer.Json[list]!.AsArray().Select(row => $"{row!["line"]} {row["error"] ?? row["fate"]}")];

    [Test]
    public async Task A_file_may_have_a_hundred_thousand_trades()
    {
        var rows = Enumerable.Range(0, 100_000).Select(n => Row(n, n % 3 == 2 ? "sell" : "buy", "0.5")).ToArray();

        var report = (await ImportAsync(Csv(rows))).ShouldBe(200);

        Assert.That(report["imported"], Is.EqualTo("100000"));
        Assert.That(await PositionAsync(), Is.EqualTo("16667/0/100"));
    }

    [Test]
    public async Task A_file_becomes_trades_and_their_position()
    {
        var report = (await ImportAsync(Csv(Row(1, "buy", "2"), Row(2, "sell", "0.5")), "&fileName=mine.csv")).ShouldBe(
            200
        );
        var imports = (await User.GetAsync("/trades/imports")).ShouldBe(200).Items;
        var trades = (await User.GetAsync($"/trades?importId={report["importId"]}&sort=timestamp")).ShouldBe(200).Items;

        Assert.That(
            (report["imported"], report["duplicates"], report.Json["rejected"]!.ToJsonString()),
            Is.EqualTo(("2", "0", "[]"))
        );
        Assert.That(imports.Single()!["fileName"]!.ToString(), Is.EqualTo("mine.csv"));
        Assert.That(trades.Select(trade => trade!["totalValue"]!.ToString()), Is.EqualTo(new[] { "200", "50" }));
        Assert.That(await PositionAsync(), Is.EqualTo("1.5/0/100"));
        Assert.That(
            (await User.GetAsync($"/trades/{trades[0]!["id"]}/history")).Items.Single()!["after"]!.ToJsonString(),
            Is.EqualTo(trades[0]!.ToJsonString())
        );
    }

    [Test]
    public async Task Columns_come_in_any_order_with_a_byte_order_mark_quotes_and_crlf()
    {
        var csv =
            "\uFEFFtotalValue,Type,notes,quantity,coinId,timestamp,tags,fee,feeCurrency\r\n"
            + $"50,buy,\"say \"\"hi\"\",\r\nthere\",2,bitcoin,{At(1)},a;b\\;c,0.5,BTC\r\n";

        (await ImportAsync(csv)).ShouldBe(200);

        var trade = (await User.GetAsync("/trades")).Items.Single()!;
        Assert.That(
            (trade["price"]!.ToString(), trade["notes"]!.ToString()),
            Is.EqualTo(("25", "say \"hi\",\r\nthere"))
        );
        Assert.That(trade["tags"]!.ToJsonString(), Is.EqualTo("""["a","b;c"]"""));
        Assert.That(await PositionAsync(), Is.EqualTo("1.5/0/25"));
    }

    [Test]
    public async Task The_same_file_twice_is_nothing_new_and_two_equal_fills_are_two_trades()
    {
        var csv = Csv(Row(1, "buy", "1"), Row(1, "buy", "1"), Row(2, "buy", "3"));

        var first = (await ImportAsync(csv)).ShouldBe(200);
        var second = (await ImportAsync(csv)).ShouldBe(200);
        var longer = (await ImportAsync(csv + "\n" + Row(1, "buy", "1"))).ShouldBe(200);

        Assert.That(
            (first["imported"], second["imported"], second["duplicates"], longer["imported"]),
            Is.EqualTo(("3", "0", "3", "1"))
        );
        Assert.That(await PositionAsync(), Is.EqualTo("6/0/100"));
    }

    [Test]
    public async Task A_row_is_known_by_the_id_of_its_exchange()
    {
        var columns = Header + ",exchange,externalId\n";
        (await ImportAsync(columns + Row(1, "buy", "1") + ",Kraken,7\n" + Row(2, "buy", "1") + ",Kraken,7")).ShouldBe(
            200
        );

        var again = (await ImportAsync(columns + Row(9, "buy", "5") + ",kraken,7")).ShouldBe(200);

        Assert.That((again["duplicates"], await CountAsync()), Is.EqualTo(("1", 1)));
    }

    [Test]
    public async Task Simultaneous_imports_of_one_file_import_it_once()
    {
        var csv = Csv([.. Enumerable.Range(0, 50).Select(i => Row(i, "buy", "1"))]);

        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ImportAsync(csv)));

        Assert.That(
            reports.Select(report => report.ShouldBe(200)["imported"]),
            Is.EquivalentTo(new[] { "50", "0", "0", "0" })
        );
        Assert.That(await PositionAsync(), Is.EqualTo("50/0/100"));
    }

    [Test]
    public async Task Strict_takes_all_or_nothing_and_lenient_the_good_rows()
    {
        var csv = Csv(
            Row(1, "buy", "1"),
            Row(2, "hold", "1"),
            "",
            Row(3, "buy", "-1"),
            "short,row",
            Row(4, "buy", "1e5"),
            "\"a\nb\",bitcoin,buy,1,1",
            Row(5, "buy", "2")
        );

        var strict = (await ImportAsync(csv)).ShouldBe(400);
        Assert.That((await CountAsync(), (await User.GetAsync("/trades/imports")).Items.Count), Is.EqualTo((0, 0)));
        var lenient = (await ImportAsync(csv, "&mode=lenient")).ShouldBe(200);

        Assert.That(lenient["imported"], Is.EqualTo("2"));
        Assert.That(
            lenient.Json["rejected"]!.AsArray().Select(row => row!["line"]!.GetValue<int>()),
            Is.EqualTo(new[] { 3, 5, 6, 7, 8 })
        );
        Assert.That(Lines(lenient, "rejected")[1], Is.EqualTo("5 quantity: must be greater than 0"));
        Assert.That(Lines(strict, "rejected"), Is.EqualTo(Lines(lenient, "rejected")));
    }

    [Test]
    public async Task A_dry_run_tells_the_fate_of_every_row_and_changes_nothing()
    {
        await ImportAsync(Csv(Row(1, "buy", "1")));

        var report = (
            await ImportAsync(
                Csv(Row(1, "buy", "1"), Row(2, "buy", "2"), "x,y", Row(3, "sell", "9")),
                "&dryRun=true&mode=lenient&oversell=reject"
            )
        ).ShouldBe(200);

        Assert.That(
            Lines(report, "rows"),
            Is.EqualTo(new[] { "2 duplicate", "3 imported", "4 rejected", "5 rejected" })
        );
        Assert.That(
            (report["importId"], report["imported"], report.Json["rows"]![1]!["trade"]!["totalValue"]!.ToString()),
            Is.EqualTo(((string?)null, "1", "200"))
        );
        Assert.That((await CountAsync(), await PositionAsync()), Is.EqualTo((1, "1/0/100")));
    }

    [Test]
    public async Task A_recorded_shortfall_is_carried_and_filled()
    {
        (await ImportAsync(Csv(Row(1, "sell", "3"), Row(2, "buy", "1")))).ShouldBe(200);
        Assert.That(await PositionAsync(), Is.EqualTo("0/2/0"));

        (await RecordAsync(Trade("sell", "1", 3))).ShouldRefuse(409, "insufficient_quantity");
        await RecordedAsync(Trade("buy", "5", 4));

        Assert.That(await PositionAsync(), Is.EqualTo("3/0/100"));
    }

    [Test]
    public async Task Oversell_reject_names_the_rows_that_sell_what_is_not_held()
    {
        await RecordedAsync(Trade("buy", "1", 1));
        await RecordedAsync(Trade("sell", "1", 9));

        var report = (
            await ImportAsync(
                Csv(Row(2, "buy", "1"), Row(3, "sell", "1"), Row(4, "sell", "1")),
                "&oversell=reject&mode=lenient"
            )
        ).ShouldBe(200);

        Assert.That(
            (report["imported"], Lines(report, "rejected")),
            Is.EqualTo(("2", new[] { "4 quantity: is more than is held at that time" }))
        );
        Assert.That(await PositionAsync(), Is.Null);
    }

    [Test]
    public async Task A_file_in_descending_order_is_read_backwards()
    {
        await ImportAsync(Csv(Row(3, "buy", "4"), Row(2, "buy", "3"), Row(2, "buy", "2"), Row(1, "buy", "1")));

        var ids = (await User.GetAsync("/trades?sort=timestamp")).Items;

        Assert.That(ids.Select(trade => trade!["quantity"]!.ToString()), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        Assert.That(
            ids.Select(trade => trade!["id"]!.ToString()),
            Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal)
        );
    }

    [Test]
    public async Task An_import_is_undone_as_a_whole_unless_later_trades_need_it()
    {
        var report = (await ImportAsync(Csv(Row(1, "buy", "2"), Row(2, "sell", "1")))).ShouldBe(200);
        var trade = (await User.GetAsync("/trades?sort=timestamp")).Items[0]!["id"];
        var sale = await RecordedAsync(Trade("sell", "1", 3));

        (await User.DeleteAsync($"/trades/imports/{report["importId"]}")).ShouldRefuse(409, "later_trades_need_it");
        Assert.That(await CountAsync(), Is.EqualTo(3));
        (await User.DeleteAsync($"/trades/{sale}")).ShouldBe(204);
        (await User.DeleteAsync($"/trades/imports/{report["importId"]}")).ShouldBe(204);

        Assert.That(
            (await CountAsync(), await PositionAsync(), (await User.GetAsync("/trades/imports")).Items.Count),
            Is.EqualTo((0, (string?)null, 0))
        );
        Assert.That(
            (await User.GetAsync($"/trades/{trade}/history")).Items.Select(v => v!["change"]!.ToString()),
            Is.EqualTo(new[] { "created", "deleted" })
        );
        (await User.DeleteAsync($"/trades/imports/{report["importId"]}")).ShouldBe(404);
    }

    [Test]
    public async Task A_trade_that_was_deleted_stays_so_when_its_file_comes_again_unless_the_import_was_undone()
    {
        var csv = Csv(Row(1, "buy", "2"), Row(2, "buy", "1"));
        var import = (await ImportAsync(csv)).ShouldBe(200)["importId"];
        var trade = (await User.GetAsync("/trades?sort=timestamp")).Items[0]!["id"];
        (await User.DeleteAsync($"/trades/{trade}")).ShouldBe(204);

        var again = (await ImportAsync(csv)).ShouldBe(200);
        (await User.DeleteAsync($"/trades/imports/{import}")).ShouldBe(204);
        var anew = (await ImportAsync(csv)).ShouldBe(200);

        Assert.That((again["imported"], again["duplicates"], anew["imported"]), Is.EqualTo(("0", "2", "2")));
    }

    [Test]
    public async Task Both_legs_of_a_swap_are_rejected_when_one_sells_what_is_not_held()
    {
        const string swap =
            "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n2024-03-01 12:30:00,ETHBTC,BUY,0.07,2ETH,0.14BTC,0ETH\n";

        var report = (await ImportAsync(swap, "&oversell=reject&mode=lenient")).ShouldBe(200);

        Assert.That(
            (report["imported"], Lines(report, "rejected")),
            Is.EqualTo(("0", new[] { "2 quantity: is more than is held at that time" }))
        );
        Assert.That(await CountAsync(), Is.EqualTo(0));
    }

    [Test]
    public async Task A_file_in_two_parts_gives_the_state_of_the_whole()
    {
        var random = new Random(4);
        for (var round = 0; round < 5; round++)
        {
            var rows = Enumerable
                .Range(0, 60)
                .Select(i =>
                    Row((i * 37) % 60, random.Next(3) == 0 ? "sell" : "buy", $"{i + 1}", $"{random.Next(1, 50)}")
                )
                .ToArray();
            var cut = random.Next(rows.Length + 1);
            var (whole, parts) = (await OpenPortfolioAsync(User), await OpenPortfolioAsync(User));

            (await ImportAsync(Csv(rows), portfolio: whole)).ShouldBe(200);
            (await ImportAsync(Csv(rows[cut..]), portfolio: parts)).ShouldBe(200);
            (await ImportAsync(Csv(rows[..cut]), portfolio: parts)).ShouldBe(200);

            Assert.That(
                await PositionAsync(portfolio: parts),
                Is.EqualTo(await PositionAsync(portfolio: whole)),
                $"round {round}, cut at {cut}"
            );
        }
    }

    [Test]
    public async Task Anothers_import_and_portfolio_are_not_there()
    {
        var report = (await ImportAsync(Csv(Row(1, "buy", "2")))).ShouldBe(200);
        var other = await SignUpAsync();

        (await other.DeleteAsync($"/trades/imports/{report["importId"]}")).ShouldBe(404);
        (await other.PostCsvAsync($"/trades/import?portfolioId={Portfolio}", Csv(Row(1, "buy", "2")))).ShouldBe(404);
        Assert.That((await other.GetAsync("/trades/imports")).Items, Is.Empty);
    }

    [TestCase("&format=binance", "format")]
    [TestCase("&symbols=FOO", "symbols")]
    [TestCase("&symbols=FOO:Bad Coin", "symbols")]
    [TestCase("&symbols=FOO:a,foo:b", "symbols")]
    [TestCase("&format=xls", "format")]
    [TestCase("&mode=loose", "mode")]
    [TestCase("&oversell=ignore", "oversell")]
    [TestCase("&dryRun=maybe", "dryRun")]
    [TestCase("&dryRun=", "dryRun")]
    [TestCase("&dryRun", "dryRun")]
    public async Task A_wrong_option_is_named(string options, string field) =>
        (await ImportAsync(Csv(Row(1, "buy", "1")), options)).ShouldNameField(field);

    [TestCase("", TestName = "empty")]
    [TestCase("timestamp,coinId,type,quantity", TestName = "no price")]
    [TestCase("timestamp,coinId,type,quantity,price,curency", TestName = "a misspelt column")]
    [TestCase("timestamp,coinId,type,quantity,price,price", TestName = "a column twice")]
    public async Task A_header_of_another_format_names_the_format(string csv) =>
        (await ImportAsync(csv)).ShouldNameField("format");

    [Test]
    public async Task Other_media_types_and_unreadable_texts_are_refused()
    {
        var import = $"/trades/import?portfolioId={Portfolio}";
        (await User.SendRawAsync(HttpMethod.Post, import, "<a/>", "application/xml")).ShouldBe(415);
        (await User.SendRawAsync(HttpMethod.Post, import, "{}")).ShouldNameField("format");
        (await User.SendRawAsync(HttpMethod.Post, "/trades/import", Csv(), "text/csv")).ShouldNameField("portfolioId");
        var latin = new MemoryStream([
            .. Encoding.UTF8.GetBytes(Header + ",notes\n" + Row(1, "buy", "1") + ","),
            0xE9,
            (byte)'\n',
        ]);
        (await User.PostCsvAsync($"/trades/import?portfolioId={Portfolio}", latin)).ShouldNameField("body");
        (await ImportAsync(Header + "\n\"" + new string('x', 300_000))).ShouldBe(400);
    }

    [Test]
    public async Task An_export_gives_an_empty_portfolio_the_same_trades_and_positions()
    {
        JsonNode?[] nasty =
        [
            "=HYPERLINK(1)",
            "'quoted'",
            "''=1",
            "a,b;\"c\"\r\nd",
            "tab\tinside",
            "-1",
            "ends with \\",
        ];
        for (var i = 0; i < nasty.Length; i++)
        {
            var text = nasty[i]!.ToString();
            var line = text.ReplaceLineEndings(" ").Replace('\t', ' ');
            await RecordedAsync(
                Trade(
                    "buy",
                    $"1.{i}",
                    i / 2,
                    ("notes", text),
                    ("tags", new JsonArray(line, "x")),
                    ("exchange", line),
                    ("linkId", line),
                    ("price", null),
                    ("totalValue", "100"),
                    ("fee", "0.01"),
                    ("feeCurrency", "BTC")
                )
            );
        }

        await RecordedAsync(Trade("sell", "2.5", 9, ("currency", "EUR"), ("externalId", "@1")));
        var copy = await OpenPortfolioAsync(User, "EUR");
        await User.PatchAsync($"/portfolios/{copy}", new { currency = "USD" });

        var export = (await User.GetAsync($"/trades/export?portfolioId={Portfolio}")).ShouldBe(200);
        (await ImportAsync(export.Text, portfolio: copy)).ShouldBe(200);

        Assert.That((await User.GetAsync($"/trades/export?portfolioId={copy}")).Text, Is.EqualTo(export.Text));
        Assert.That(await PositionAsync(portfolio: copy), Is.EqualTo(await PositionAsync()));
    }
}
