using System.Text;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>What exchanges export, imported: the published cases beside the project, and the rules around them.</summary>
internal sealed class ImportExchangeFilesTests : TradingTest
{
    private const string BinanceHeader = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n";

    private static string OracleCsv(string oracle, int number = 0) =>
        JsonNode.Parse(File.ReadAllText(SharedData.File($"oracles/import/{oracle}_csv.json")))!["cases"]![number]![
            "csv"
        ]!.ToString();

    /// <summary>The trades in the order of time, as <c>buy 2 ethereum for 0.14 BTC fee 0.002 ETH</c>.</summary>
    private async Task<string[]> TradesAsync(string? portfolio = null) =>
        [
            .. (await User.GetAsync($"/trades?portfolioId={portfolio ?? Portfolio}&sort=timestamp&limit=200"))
                .ShouldBe(200)
                .Items.Select(trade =>
                    $"{trade!["type"]} {trade["quantity"]} {trade["coinId"]} for {trade["totalValue"]} {trade["currency"]} fee {trade["fee"]} {trade["feeCurrency"]}"
                ),
        ];

    [Test]
    public async Task Binances_history_is_swaps_of_two_legs()
    {
        var csv = OracleCsv("binance");

        var report = (await ImportAsync(csv)).ShouldBe(200);

        Assert.That((report["imported"], report["duplicates"]), Is.EqualTo(("6", "0")));
        Assert.That(
            await TradesAsync(),
            Is.EquivalentTo(
                new[]
                {
                    "buy 0.001 bitcoin for 62.0005 USDT fee 0.0000015 BNB",
                    "sell 62.0005 tether for 62.0005 USDT fee 0 USDT",
                    "buy 100 1inch for 51 USDT fee 0.1 1INCH",
                    "sell 51 tether for 51 USDT fee 0 USDT",
                    "sell 0.0005 bitcoin for 35 USDT fee 0.035 USDT",
                    "buy 34.965 tether for 34.965 USDT fee 0 USDT",
                }
            )
        );
        Assert.That(await PositionAsync("1inch"), Does.StartWith("99.9/0"));
        Assert.That((await ImportAsync(csv)).ShouldBe(200)["duplicates"], Is.EqualTo("6"));
    }

    [Test]
    public async Task The_legs_of_a_swap_are_linked_and_equal_swaps_are_two()
    {
        var row = "2024-03-01 12:30:00,ETHBTC,BUY,0.07,2ETH,0.14BTC,0.002ETH\n";
        (await ImportAsync(BinanceHeader + row + row)).ShouldBe(200);

        var links = (await User.GetAsync("/trades")).Items.Select(trade => trade!["linkId"]!.ToString()).ToArray();

        Assert.That(links.GroupBy(link => link).Select(pair => pair.Count()), Is.EqualTo(new[] { 2, 2 }));
        (await ImportAsync(BinanceHeader + row, portfolio: await OpenPortfolioAsync(User))).ShouldBe(200);
        Assert.That(
            (await User.GetAsync("/trades?limit=2"))
                .Items.Select(trade => trade!["linkId"]!.ToString())
                .Distinct()
                .Single(),
            Is.AnyOf(links)
        );
    }

    [Test]
    public async Task Binance_of_old_and_krakens_old_header()
    {
        (await ImportAsync(OracleCsv("binance", 1), "&format=binance")).ShouldBe(200);
        (await ImportAsync(OracleCsv("kraken", 1), "&format=kraken")).ShouldBe(200);

        Assert.That(
            await TradesAsync(),
            Is.EquivalentTo(
                new[]
                {
                    "buy 2 ethereum for 0.14 BTC fee 0.002 ETH",
                    "sell 0.14 bitcoin for 0.14 BTC fee 0 BTC",
                    "buy 0.01 bitcoin for 200 EUR fee 0.32 EUR",
                }
            )
        );
    }

    [Test]
    public async Task Krakens_ledger_is_trades_income_and_withdrawals()
    {
        var csv = OracleCsv("kraken");

        var report = (await ImportAsync(csv)).ShouldBe(200);

        Assert.That(
            await TradesAsync(),
            Is.EqualTo(
                new[]
                {
                    "buy 0.002 bitcoin for 100 EUR fee 0.18 EUR",
                    "sell 1 litecoin for 80 EUR fee 0.2 EUR",
                    "buy 0.001 bitcoin for 50 EUR fee 0 EUR",
                    "income 5 cardano for  USD fee 0 USD",
                    "withdrawal 0.9212 litecoin for  USD fee 0.002 LTC",
                }
            )
        );
        Assert.That(
            report.Json["skipped"]!.AsArray().Single()!.ToJsonString(),
            Is.EqualTo("""{"line":2,"reason":"moves money alone, of which the ledger keeps no holdings"}""")
        );
        Assert.That(await PositionAsync("litecoin"), Is.EqualTo("0/1.9232/0"));
        Assert.That((await ImportAsync(csv)).ShouldBe(200)["duplicates"], Is.EqualTo("5"));
    }

    [Test]
    public async Task Krakens_trades_know_what_its_ledger_brought()
    {
        (
            await ImportAsync(
                "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n"
                    + "L1,T1,2023-01-15 09:30:00,trade,,currency,XETH,2,0,2\n"
                    + "L2,T1,2023-01-15 09:30:00,trade,,currency,XXBT,-0.1,0,0\n"
            )
        ).ShouldBe(200);

        var report = (
            await ImportAsync(
                "txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers\n"
                    + "T1,O1,XETHXXBT,2023-01-15 09:30:00,buy,market,0.05,0.1,0,2,0.00,,\"L1,L2\"\n"
            )
        ).ShouldBe(200);

        Assert.That((report["imported"], report["duplicates"]), Is.EqualTo(("0", "2")));
    }

    [Test]
    public async Task The_order_of_rows_does_not_matter_within_a_second_either()
    {
        string[] rows =
        [
            "L1,R1,2023-01-15 12:00:00,trade,,currency,XXBT,1,0,1",
            "L2,R1,2023-01-15 12:00:00,trade,,currency,ZEUR,-100,0,900",
            "L3,R2,2023-01-15 12:00:00,trade,,currency,XXBT,1,0,2",
            "L4,R2,2023-01-15 12:00:00,trade,,currency,ZEUR,-200,0,700",
            "L5,R3,2023-01-15 12:00:01,trade,,currency,XXBT,-1,0,1",
            "L6,R3,2023-01-15 12:00:01,trade,,currency,ZEUR,400,0,1100",
        ];
        var answers = new List<string>();
        foreach (var shuffled in new[] { rows, [.. rows.Reverse()], [.. rows[2..4], .. rows[..2], .. rows[4..]] })
        {
            var portfolio = await OpenPortfolioAsync(User);
            var csv = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n" + string.Join('\n', shuffled);
            (await User.PostCsvAsync($"/trades/import?portfolioId={portfolio}&format=kraken", csv)).ShouldBe(200);
            answers.Add(
                (await User.GetAsync($"/trades/realized-gains?portfolioId={portfolio}&currency=EUR"))["totalGain"]!
            );
        }

        Assert.That(answers, Is.EqualTo(new[] { "300", "300", "300" }));
    }

    [Test]
    public async Task Coinbases_wallet_ends_as_it_does_there()
    {
        var csv = OracleCsv("coinbase");

        var report = (await ImportAsync(csv)).ShouldBe(200);

        Assert.That(report["imported"], Is.EqualTo("4"));
        Assert.That(await PositionAsync("solana"), Does.StartWith("9/0/"));
        Assert.That((await ImportAsync(csv)).ShouldBe(200)["duplicates"], Is.EqualTo("4"));
    }

    [Test]
    public async Task A_dry_run_shows_both_legs_of_a_swap_on_both_its_lines()
    {
        var report = (
            await ImportAsync(
                "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n"
                    + "L1,T1,2023-01-15 09:30:00,trade,,currency,XETH,2,0,2\n"
                    + "L3,,2023-01-15 09:30:00,deposit,,currency,XETH,2,0,2\n"
                    + "L2,T1,2023-01-15 09:30:00,trade,,currency,XXBT,-0.1,0,0\n"
                    + "L4,T2,2023-01-15 09:30:00,trade,,currency,FOOCOIN,-0.1,0,0\n"
                    + "L5,T2,2023-01-15 09:30:00,trade,,currency,ZEUR,1,0,0\n",
                "&dryRun=true&mode=lenient"
            )
        ).ShouldBe(200);

        Assert.That(
            report.Json["rows"]!.AsArray().Select(row => $"{row!["line"]} {row["fate"]} {row["trade"]?["coinId"]}"),
            Is.EqualTo(
                new[]
                {
                    "2 imported ethereum",
                    "2 imported bitcoin",
                    "3 imported ethereum",
                    "4 imported ethereum",
                    "4 imported bitcoin",
                    "5 rejected ",
                    "6 rejected ",
                }
            )
        );
        Assert.That(report.Json["rejected"]![0]!["error"]!.ToString(), Does.Contain("FOOCOIN"));
        Assert.That(await CountAsync(), Is.EqualTo(0));
    }

    [Test]
    public async Task An_unknown_symbol_is_named_and_can_be_mapped()
    {
        var csv = BinanceHeader + "2024-03-01 12:30:00,FOOUSDT,BUY,2,5FOO,10USDT,1FOO\n";

        var refused = (await ImportAsync(csv)).ShouldBe(400);
        (await ImportAsync(csv, "&symbols=FOO:foo-coin")).ShouldBe(200);

        Assert.That(refused.Json["rejected"]![0]!["error"]!.ToString(), Does.Contain("\"FOO\""));
        Assert.That(await PositionAsync("foo-coin"), Does.StartWith("4/0/"));
    }

    [Test]
    public async Task Ghostfolios_json_is_taken_as_what_it_is()
    {
        var json = await File.ReadAllTextAsync(SharedData.File("imports/ghostfolio_ok/btceur.json"));

        var report = (
            await User.SendRawAsync(HttpMethod.Post, $"/trades/import?portfolioId={Portfolio}&format=ghostfolio", json)
        ).ShouldBe(200);

        Assert.That(report["imported"], Is.EqualTo("1"));
        Assert.That(await TradesAsync(), Is.EqualTo(new[] { "buy 1 bitcoin for 39378.5 EUR fee 3.94 EUR" }));
        Assert.That((await ImportAsync(json)).ShouldBe(200)["duplicates"], Is.EqualTo("1"));
    }

    [TestCase("imports/rotki/bitstamp.csv", "bitstamp")]
    [TestCase("imports/rotki/cointracking_trades_list.csv", "cointracking")]
    [TestCase("imports/rotki/cointracking_custom_dates.csv", "cointracking")]
    [TestCase("imports/ghostfolio_ok/500-activities.json", "ghostfolio")]
    [TestCase("imports/ghostfolio_ok/without-accounts.json", "ghostfolio")]
    [TestCase("imports/ghostfolio_ok/sample.json", "ghostfolio")]
    public async Task Each_is_recognised_and_every_row_of_it_has_a_fate(string path, string format)
    {
        var file = await File.ReadAllTextAsync(SharedData.File(path));

        var report = (await ImportAsync(file, "&mode=lenient")).ShouldBe(200);
        var again = (await ImportAsync(file, $"&mode=lenient&format={format}")).ShouldBe(200);

        Assert.That((await User.GetAsync("/trades/imports")).Items[0]!["format"]!.ToString(), Is.EqualTo(format));
        Assert.That((again["imported"], again["duplicates"]), Is.EqualTo(("0", report["imported"])));
        Assert.That(again.Json["rejected"]!.ToJsonString(), Is.EqualTo(report.Json["rejected"]!.ToJsonString()));
    }

    [Test]
    public async Task Whatever_a_file_is_it_is_no_servers_fault()
    {
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(SharedData.File("imports/rotki/nexo.csv"))!))
        {
            var bytes = await File.ReadAllBytesAsync(path);

            var answer = await User.PostCsvAsync(
                $"/trades/import?portfolioId={Portfolio}&mode=lenient",
                new MemoryStream(bytes)
            );

            Assert.That((int)answer.Status, Is.AnyOf(200, 400), $"{path}: {answer}");
        }

        foreach (var format in new[] { "binance", "kraken", "coinbase", "bitstamp", "cointracking", "ghostfolio" })
        {
            (await ImportAsync("a,b\n1,2", $"&format={format}")).ShouldNameField("format");
        }
    }
}
