using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

internal sealed class KrakenTests
{
    private readonly Kraken _kraken = new();

    [Test]
    public async Task Lists_its_pairs_by_the_names_of_the_field()
    {
        var api = new RecordedProvider().Replays("kraken_net/Spot_ExchangeData_GetSymbols").Api("kraken");

        Assert.That(
            await _kraken.ListAsync(api, default),
            Is.EqualTo([new Listing("XETHXXBT", "ETH", "BTC"), new Listing("XXBTZUSD", "BTC", "USD")])
        );
    }

    [Test]
    public async Task Gives_the_last_trade_as_price()
    {
        var api = new RecordedProvider().Replays("kraken_net/Spot_ExchangeData_GetTicker").Api("kraken");
        var bitcoin = new Market("XXBTZUSD", "USD");

        var prices = await _kraken.PricesAsync(api, [bitcoin, new Market("SOLUSD", "USD")], default);

        Assert.That(prices, Is.EqualTo([new MarketPrice(bitcoin, 30303.2m)]));
    }

    [Test]
    public async Task Gives_candles_of_the_time_asked_for()
    {
        var api = new RecordedProvider().Replays("kraken_net/Spot_ExchangeData_GetKlines").Api("kraken");
        var from = DateTimeOffset.FromUnixTimeSeconds(1688671260);

        var candles = await _kraken.CandlesAsync(
            api,
            new CandleRange(new Market("XXBTZUSD", "USD"), CandleInterval.Find("1m")!, from, from.AddMinutes(1)),
            default
        );

        Assert.That(candles, Is.EqualTo([new Candle(from, 30304.5m, 30304.5m, 30300m, 30300m, 4.42996871m)]));
    }

    [Test]
    public async Task Says_that_a_key_may_withdraw()
    {
        var api = new RecordedProvider().Replays("kraken_net/Spot_Account_GetApiKeyInfo").Api("kraken");

        Assert.That((await _kraken.CheckAsync(api, RecordedProvider.Key, default)).MayWithdraw, Is.True);
    }

    [Test]
    public async Task Counts_staked_and_rewarded_parts_as_the_asset()
    {
        var api = new RecordedProvider().Replays("kraken_net/Spot_Account_GetBalances").Api("kraken");

        var balances = await _kraken.BalancesAsync(api, RecordedProvider.Key, default);

        Assert.That(balances, Has.Member(new Balance("BTC", 1011.19088779m)));
        Assert.That(balances.Single(balance => balance.Asset == "ETH").Quantity, Is.EqualTo(1019.535637433m));
        Assert.That(balances.Single(balance => balance.Asset == "USD").Quantity, Is.EqualTo(1384317.8938m));
    }

    [Test]
    public async Task Gives_an_account_s_fills_oldest_first()
    {
        var api = new RecordedProvider().Replays("kraken_net/Spot_Trading_GetUserTrades").Api("kraken");

        var page = await _kraken.FillsAsync(api, RecordedProvider.Key, null, default);

        Assert.That(
            page.Fills.Select(fill =>
                (fill.ExternalId, fill.Asset, fill.Currency, fill.Side, fill.Quantity, fill.Total)
            ),
            Is.EqualTo([
                ("TCWJEG-FL4SZ-3FKGH6", "BTC", "USD", FillSide.Buy, 0.01m, 300.1m),
                ("THVRQM-33VKH-UCI7BS", "BTC", "USD", FillSide.Buy, 0.02m, 600.2m),
            ])
        );
        Assert.That(page.IsLast, Is.True);
        Assert.That(UtcTime.Format(page.Fills[0].At), Is.EqualTo("2023-07-06T18:22:49.6396Z"));
    }

    [Test]
    public async Task Begins_at_the_far_end_of_a_long_history_and_goes_on_where_it_was()
    {
        var provider = new RecordedProvider().Answers(
            "/0/private/TradesHistory",
            """
            {"error":[],"result":{"count":120,"trades":{"T1":{"pair":"XXBTZUSD","time":1.0,"type":"buy","price":"1","cost":"1","fee":"0","vol":"1"}}}}
            """
        );
        string? cursor = null;
        var progress = new List<decimal?>();
        for (var page = 0; page < 3; page++)
        {
            var fills = await _kraken.FillsAsync(provider.Api("kraken"), RecordedProvider.Key, cursor, default);
            (cursor, _) = (fills.Cursor, fills.IsLast);
            progress.Add(fills.Progress);
        }

        Assert.That(provider.Asked, Has.Count.EqualTo(4), "one to count, three pages");
        Assert.That(progress[^1], Is.EqualTo(1));
        Assert.That(cursor, Does.Contain("\"Offset\":null"));
    }

    [Test]
    public void A_history_that_is_shorter_than_it_says_is_not_walked_through_to_its_end()
    {
        var provider = new RecordedProvider().Answers(
            "/0/private/TradesHistory",
            """{"error":[],"result":{"count":9223372036854775807,"trades":{}}}"""
        );

        Assert.That(
            Assert
                .ThrowsAsync<ConnectorException>(() =>
                    _kraken.FillsAsync(provider.Api("kraken"), RecordedProvider.Key, null, default)
                )!
                .Fault,
            Is.EqualTo(ConnectorFault.ChangedFormat)
        );
    }

    [TestCase("EAPI:Invalid key", ConnectorFault.InvalidKey)]
    [TestCase("EAPI:Invalid signature", ConnectorFault.InvalidKey)]
    [TestCase("EGeneral:Permission denied", ConnectorFault.MissingPermission)]
    [TestCase("EService:Unavailable", ConnectorFault.Unavailable)]
    [TestCase("EQuery:Unknown asset pair", ConnectorFault.Refused)]
    [TestCase("E\\ud800", ConnectorFault.ChangedFormat)]
    public void Its_errors_come_with_200_and_are_errors_all_the_same(string error, ConnectorFault fault)
    {
        var api = new RecordedProvider().Answers("/", $$"""{"error":["{{error}}"]}""").Api("kraken");

        Assert.That(
            Assert
                .ThrowsAsync<ConnectorException>(() => _kraken.BalancesAsync(api, RecordedProvider.Key, default))!
                .Fault,
            Is.EqualTo(fault)
        );
    }
}
