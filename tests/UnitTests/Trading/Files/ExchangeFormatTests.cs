using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.UnitTests.Trading.Files;

internal sealed class ExchangeFormatTests
{
    private const string KrakenHeader = "txid,refid,time,type,subtype,aclass,asset,wallet,amount,fee,balance\n";
    private const string CoinbaseHeader =
        "Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,Total (inclusive of fees),Fees,Notes\n";

    [Test]
    public async Task Binance_writes_the_asset_behind_the_amount_and_thousands_with_commas() =>
        Assert.That(
            await TradeFiles.ReadAsync(
                "\uFEFF\"Date(UTC)\",\"Pair\",\"Side\",\"Price\",\"Executed\",\"Amount\",\"Fee\"\n"
                    + "\"2024-03-01 12:30:00\",\"BTCUSDT\",\"BUY\",\"62,000.50\",\"0.00100000BTC\",\"62.0005USDT\",\"0.0000015BNB\"\n"
                    + "\"2024-03-01 13:00:00\",\"1INCHUSDT\",\"BUY\",\"0.51\",\"100.0001INCH\",\"51USDT\",\"0.1001INCH\"\n"
                    + "\"2024-03-01 13:00:00\",\"FOOBAR\",\"BUY\",\"1\",\"1\",\"1\",\"0\"\n"
                    + "\"2024-03-01 13:00:00\",\"FOOBAR\",\"BUY\",\"1\",\"1FOO\",\"2BAR\",\"0\"\n"
                    + "\"2024-13-01 13:00:00\",\"BTCUSDT\",\"BUY\",\"1\",\"1BTC\",\"1USDT\",\"0\"\n"
            ),
            Is.EqualTo(
                new[]
                {
                    "2 buy 0.001 BTC for 62.0005 USDT, fee 0.0000015 BNB",
                    "3 buy 100 1INCH for 51 USDT, fee 0.1 1INCH",
                    "4 rejected: \"FOOBAR\" is no pair of known symbols",
                    "5 buy 1 FOO for 2 BAR",
                    "6 rejected: time: \"2024-13-01 13:00:00\" is no time that can be read",
                }
            )
        );

    [Test]
    public async Task Binance_of_old_names_the_coin_of_the_fee() =>
        Assert.That(
            await TradeFiles.ReadAsync(
                "Date(UTC),Market,Type,Price,Amount,Total,Fee,Fee Coin\n2021-05-12 10:20:30,ETHBTC,BUY,0.07,2,0.14,0.002,ETH"
            ),
            Is.EqualTo(new[] { "2 buy 2 ETH for 0.14 BTC, fee 0.002 ETH" })
        );

    [TestCase("Date(UTC)", "export.csv", "10:00")]
    [TestCase("Date(UTC+2)", "export.csv", "08:00")]
    [TestCase("Time(UTC-05:30)", "export.csv", "15:30")]
    [TestCase("Time", "Order-History(UTC+3).csv", "07:00")]
    [TestCase("Date(UTC+2)", "Order-History(UTC+3).csv", "08:00")]
    public async Task Binance_hides_the_offset_in_the_header_or_the_files_name(
        string column,
        string fileName,
        string time
    )
    {
        var rows = await TradeFiles.RowsAsync(
            $"{column},OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n"
                + "2024-03-01 10:00:00,77,BTCUSDT,LIMIT,BUY,50000,0.002BTC,2024-03-01 10:00:00,0.001BTC,50000,50USDT,FILLED\n"
                + "2024-03-01 10:00:00,78,BTCUSDT,LIMIT,BUY,50000,0.002BTC,2024-03-01 10:00:00,0BTC,0,0USDT,CANCELED\n",
            fileName: fileName
        );

        Assert.That(((FileRow.Entry)rows[0]).Says.At.ToString("HH:mm", null), Is.EqualTo(time));
        Assert.That(
            rows.Select(TradeFiles.Describe),
            Is.EqualTo(
                new[] { "2 buy 0.001 BTC for 50 USDT", "3 skipped: is an order of which nothing was filled (CANCELED)" }
            )
        );
    }

    [TestCase("BTCUSDT", "BTC/USDT")]
    [TestCase("BTCFDUSD", "BTC/FDUSD")]
    [TestCase("1INCHUSDT", "1INCH/USDT")]
    [TestCase("btc/usdt", "BTC/USDT")]
    [TestCase("FOOBAR", null)]
    [TestCase("USDT", null)]
    public void A_pair_ends_with_a_quote_that_is_known(string pair, string? parts) =>
        Assert.That(
            AssetPair.Split(pair, new HashSet<string> { "USDT", "USD", "FDUSD", "BTC" }) is { } split
                ? $"{split.Base}/{split.Quote}"
                : null,
            Is.EqualTo(parts)
        );

    [Test]
    public async Task Kraken_pairs_the_rows_of_a_refid_wherever_they_stand() =>
        Assert.That(
            await TradeFiles.ReadAsync(
                KrakenHeader
                    + "L1,T1,2024-03-19 19:43:31,trade,,currency,XXBT,m,0.002,0,0\n"
                    + "L3,T2,2024-04-02 10:15:00,trade,,currency,XLTC,m,-1,0,0\n"
                    + "L2,T1,2024-03-19 19:43:31.1234,trade,,currency,ZEUR,m,-100.0000,0.18,0\n"
                    + "L4,T1,2024-03-19 19:43:31,trade,,currency,KFEE,m,0,5,0\n"
                    + "L5,T2,2024-04-02 10:15:00,trade,,currency,ZEUR,m,80,0.2,0\n"
                    + "L6,S1,2024-05-01 08:00:00,spend,,currency,ZEUR,m,-50,0,0\n"
                    + "L7,S1,2024-05-01 08:00:00,receive,,currency,XXBT,m,0.001,0,0\n"
                    + "L8,T3,2024-05-01 08:00:00,trade,,currency,XETH,m,2,0,0\n"
                    + "L9,T3,2024-05-01 08:00:00,trade,,currency,XXBT,m,-0.1,0.001,0\n"
                    + "LA,T4,2024-05-01 08:00:00,trade,,currency,XXDG,m,-1,0,0\n"
                    + "LB,T5,2024-13-40 08:00:00,trade,,currency,XXDG,m,-1,0,0\n"
            ),
            Is.EqualTo(
                new[]
                {
                    "2 buy 0.002 BTC for 100 EUR, fee 0.18 EUR",
                    "5 skipped: is paid in fee credits, which are no coin",
                    "3 sell 1 LTC for 80 EUR, fee 0.2 EUR",
                    "7 buy 0.001 BTC for 50 EUR",
                    "9 buy 2 ETH for 0.1 BTC, fee 0.001 BTC",
                    "12 rejected: time: \"2024-13-40 08:00:00\" is no time that can be read",
                    "11 rejected: the other row of its refid is not in the file",
                }
            )
        );

    [TestCase("staking,,currency,ADA.S,m,5,0,105", "2 income 5 ADA")]
    [TestCase("earn,reward,currency,DOT28.S,m,5,0,105", "2 income 5 DOT")]
    [TestCase("deposit,,currency,XXBT,m,5,0,105", "2 deposit 5 BTC")]
    [TestCase("withdrawal,,currency,XLTC,m,-0.9212,0.002,0", "2 withdrawal 0.9212 LTC, fee 0.002 LTC")]
    [TestCase("transfer,spottostaking,currency,ADA,m,-5,0,0", "2 skipped: moves within Kraken (spottostaking)")]
    [TestCase("transfer,,currency,ADA,m,-5,0,0", "2 skipped: moves within Kraken")]
    [TestCase(
        "transfer,airdrop,currency,FLR,m,5,0,0",
        "2 skipped: is not understood (\"transfer\": \"airdrop\"); record it by hand if it moved coins"
    )]
    [TestCase(
        "rollover,,currency,ZEUR,m,0,1,0",
        "2 skipped: is not understood (\"rollover\"); record it by hand if it moved coins"
    )]
    public async Task Kraken_tells_what_comes_and_goes_from_what_moves_within(string row, string says) =>
        Assert.That(
            await TradeFiles.ReadAsync(KrakenHeader + "L1,R1,2024-03-19 19:43:31," + row),
            Is.EqualTo(new[] { says })
        );

    [Test]
    public async Task Kraken_has_ledgers_without_wallets_and_trades_of_their_own()
    {
        Assert.That(
            await TradeFiles.ReadAsync(
                "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n"
                    + "L1,T1,2023-01-15 09:30:00.1234,trade,,currency,EUR,-200.00,0.32,500\n"
                    + "L2,T1,2023-01-15 09:30:00.1234,trade,,currency,BTC,0.01,0,0.01\n"
            ),
            Is.EqualTo(new[] { "2 buy 0.01 BTC for 200 EUR, fee 0.32 EUR" })
        );
        Assert.That(
            await TradeFiles.ReadAsync(
                "txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers\n"
                    + "T1,O1,XXBTZEUR,2017-11-12 19:04:13.6946,buy,market,5000,50,0.1,0.01,0.00,,\"L1,L2\"\n"
                    + "T2,O1,XETHXXBT,2017-11-12 19:04:13.6946,sell,market,0.05,0.1,0.0002,2,0.00,,\n"
                    + "T3,O1,ADAEUR,2017-11-12 19:04:13.6946,sell,market,0.05,0.1,0.0002,2,0.00,,\n"
                    + "T4,O1,XBT/USDT,2017-11-12 19:04:13.6946,sell,market,5000,0.1,0.0002,2,10.00,,\n"
            ),
            Is.EqualTo(
                new[]
                {
                    "2 buy 0.01 BTC for 50 EUR, fee 0.1 EUR",
                    "3 sell 2 ETH for 0.1 BTC, fee 0.0002 BTC",
                    "4 sell 2 ADA for 0.1 EUR, fee 0.0002 EUR",
                    "5 skipped: is a trade on margin, which moves no coins of one's own",
                }
            )
        );
    }

    [TestCase("")]
    [TestCase("\n\"Transactions\"\nUser,Jane Doe,5f0c\n")]
    [TestCase("You can use this transaction report to inform your likely tax obligations.\n\n")]
    public async Task Coinbase_greets_before_its_header(string preamble)
    {
        var before = preamble.Count(c => c == '\n');

        var rows = await TradeFiles.ReadAsync(
            preamble
                + CoinbaseHeader
                + "2021-01-05T10:00:00Z,Buy,SOL,10,USD,100,1000,1010,10,Bought 10 SOL\n"
                + "2021-01-05 10:00:00 UTC,Sell,SOL,-4,USD,$100,$400.00,\"$1,396.00\",$4.00,\n"
                + "2021-01-05T10:00:00Z,Receive,SOL,2,USD,100,,,,\n"
                + "2021-01-05T10:00:00Z,Send,SOL,-1,USD,100,,,,\n"
                + "2021-01-05T10:00:00Z,Staking Income,SOL,1,USD,100,100,100,0,\n"
                + "2021-01-05T10:00:00Z,Convert,USDC,-100,USD,1,98.5,100,1.5,Converted 100 USDC to 0.778610688 SOL\n"
                + "2021-01-05T10:00:00Z,Convert,USDC,-100,USD,1,,,,Converted 100 USDC to 0.778610688 SOL\n"
                + "2021-01-05T10:00:00Z,Retail Staking Transfer,SOL,1,USD,100,,,,\n"
                + "2021-01-05T10:00:00Z,Surprise,SOL,1,USD,100,,,,\n"
        );

        Assert.That(
            rows,
            Is.EqualTo(
                new[]
                {
                    $"{before + 2} buy 10 SOL for 1000 USD, fee 10 USD",
                    $"{before + 3} sell 4 SOL for 400 USD, fee 4 USD",
                    $"{before + 4} deposit 2 SOL",
                    $"{before + 5} withdrawal 1 SOL",
                    $"{before + 6} income 1 SOL for 100 USD",
                    $"{before + 7} buy 0.778610688 SOL for 98.5 USD, fee 1.5 USD",
                    $"{before + 8} buy 0.778610688 SOL for 100 USDC",
                    $"{before + 9} skipped: moves within Coinbase (Retail Staking Transfer)",
                    $"{before + 10} rejected: Transaction Type: \"Surprise\" is not understood; record it by hand",
                }
            )
        );
    }

    [Test]
    public async Task Bitstamp_writes_amounts_with_their_symbol_in_one_cell_or_two()
    {
        Assert.That(
            await TradeFiles.ReadAsync(
                "Type,Datetime,Account,Amount,Value,Rate,Fee,Sub Type\n"
                    + "Deposit,\"Jan. 28, 2022, 12:13 AM\",Main Account,2.00000000 ETH,,,,\n"
                    + "Market,\"Sept. 8, 2022, 01:31 PM\",Main Account,1.00000000 ETH,2214.01 EUR,2214.01 EUR,10.87005 EUR,Sell\n"
                    + "Withdrawal,\"Jan. 30, 2022, 11:40 AM\",Main Account,\"2,211.01\",,,3.00 EUR,"
            ),
            Is.EqualTo(
                new[]
                {
                    "2 deposit 2 ETH",
                    "3 sell 1 ETH for 2214.01 EUR, fee 10.87005 EUR",
                    "4 rejected: Amount: \"2,211.01\" must be a number and a symbol",
                }
            )
        );
        Assert.That(
            await TradeFiles.ReadAsync(
                "ID,Account,Type,Subtype,Datetime,Amount,Amount currency,Value,Value currency,Rate,Rate currency,Fee,Fee currency,Order ID\n"
                    + "7,Main Account,Market,Buy,2023-10-13T12:00:00Z,0.5,BTC,13000,USD,26000,USD,13,USD,9\n"
            ),
            Is.EqualTo(new[] { "2 buy 0.5 BTC for 13000 USD, fee 13 USD" })
        );
    }

    [Test]
    public async Task CoinTracking_has_three_columns_of_one_name() =>
        Assert.That(
            await TradeFiles.ReadAsync(
                "\uFEFF\"Type\",\"Buy\",\"Cur.\",\"Sell\",\"Cur.\",\"Fee\",\"Cur.\",\"Exchange\",\"Group\",\"Comment\",\"Date\"\n"
                    + "\"Trade\",\"0.05\",\"ETH\",\"10.99\",\"EUR\",\"0.02\",\"EUR\",\"Coinbase\",\"\",\"\",\"24.08.2019 23:01:59\"\n"
                    + "\"Trade\",\"10\",\"EUR\",\"0.05\",\"ETH\",\"\",\"\",\"Coinbase\",\"\",\"\",\"2019-08-24 23:01:59\"\n"
                    + "\"Withdrawal\",\"-\",\"\",\"0.05\",\"ETH\",\"0.0001\",\"ETH\",\"Coinbase\",\"\",\"\",\"25/8/2019 9:42\"\n"
                    + "\"Staking\",\"1\",\"ADA\",\"\",\"\",\"\",\"\",\"Binance\",\"\",\"\",\"5/9/2017 21:14\"\n"
            ),
            Is.EqualTo(
                new[]
                {
                    "2 buy 0.05 ETH for 10.99 EUR, fee 0.02 EUR",
                    "3 sell 0.05 ETH for 10 EUR",
                    "4 withdrawal 0.05 ETH, fee 0.0001 ETH",
                    "5 rejected: Date: \"5/9/2017 21:14\" may be a day in two months; export the list with dates such as 2017-09-05",
                }
            )
        );

    [Test]
    public async Task Ghostfolio_lists_activities_of_which_coins_are_trades() =>
        Assert.That(
            await TradeFiles.ReadAsync(
                """
                { "meta": { "version": "dev" }, "accounts": [],
                  "activities": [
                    { "type": "BUY", "symbol": "BTCUSD", "dataSource": "YAHOO", "quantity": 1, "unitPrice": 39378.5, "currency": "EUR", "fee": 3.94, "date": "2021-12-12T00:00:00.000Z" },
                    { "type": "BUY", "symbol": "AAPL", "dataSource": "YAHOO", "quantity": 1, "unitPrice": 1e2, "currency": "USD", "fee": 0, "date": "2021-12-12T00:00:00.000Z" },

                    { "type": "DIVIDEND", "symbol": "AAPL", "quantity": 1 },
                    7 ] }
                """
            ),
            Is.EqualTo(
                new[]
                {
                    "3 buy 1 BTC at 39378.5 EUR, fee 3.94 EUR",
                    "4 rejected: symbol: \"AAPL\" is no coin's at Yahoo; symbols=AAPL:its-coin-id maps it",
                    "6 skipped: is no movement of a coin (DIVIDEND)",
                    "7 rejected: type: is required",
                }
            )
        );
}
