using CryptoBeacon.Application.Json;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.UnitTests.Trading.Files;

internal sealed class BookingTests
{
    private static readonly FileEntry Swap = new()
    {
        Type = TradeType.Buy,
        At = DateTimeOffset.UnixEpoch,
        Asset = "ETH",
        Quantity = 2,
        Quote = "BTC",
        Total = 0.14m,
        ExternalId = "T1",
    };

    private static string[] Book(FileEntry entry, string? mapping = null) =>
        [
            .. new Booking(TradeFiles.Symbols(mapping), Guid.Empty)
                .Book(entry)
                .Select(trade =>
                    $"{WireName.Of(trade.Type!.Value)} {Exact.Format(trade.Quantity!.Value)} {trade.CoinId} {(trade.TotalValue is { } total ? $"for {Exact.Format(total)}" : $"at {trade.Price}")} "
                    + $"{trade.Currency} fee {trade.Fee}{trade.FeeCurrency} {trade.ExternalId} {trade.LinkId}"
                ),
        ];

    private static string Refusal(FileEntry entry) => Assert.Throws<UnreadableRowException>(() => Book(entry))!.Message;

    [Test]
    public void Money_is_what_a_price_is_in() =>
        Assert.That(Book(Swap with { Quote = "EUR" }), Is.EqualTo(new[] { "buy 2 ethereum for 0.14 EUR fee  T1 " }));

    [Test]
    public void A_swap_is_two_linked_legs_of_one_value() =>
        Assert.That(
            Book(Swap),
            Is.EqualTo(
                new[] { "buy 2 ethereum for 0.14 BTC fee  T1/ETH T1", "sell 0.14 bitcoin at 1 BTC fee  T1/BTC T1" }
            )
        );

    [TestCase(TradeType.Buy, "0.15")]
    [TestCase(TradeType.Sell, "0.13")]
    public void A_fee_in_the_quote_leaves_its_leg(TradeType type, string moved) =>
        Assert.That(Book(Swap with { Type = type, Fee = 0.01m, FeeAsset = "BTC" })[1].Split(' ')[1], Is.EqualTo(moved));

    [Test]
    public void Who_buys_euros_with_coins_sells_coins() =>
        Assert.That(
            Book(Swap with { Asset = "EUR", Quantity = 90, Quote = "USDT", Total = 100, ExternalId = null }),
            Is.EqualTo(new[] { "sell 100 tether for 90 EUR fee   " })
        );

    [Test]
    public void Money_for_money_and_money_that_moves_are_no_trades() =>
        Assert.That(
            Book(Swap with { Asset = "EUR", Quote = "USD" })
                .Concat(Book(Swap with { Type = TradeType.Deposit, Asset = "EUR", Quote = null, Total = null })),
            Is.Empty
        );

    [Test]
    public void A_symbol_that_is_unknown_or_stands_for_several_coins_is_named() =>
        Assert.That(
            (Refusal(Swap with { Asset = "FOO" }), Refusal(Swap with { Quote = "TWIN" })),
            Is.EqualTo(
                (
                    "\"FOO\" is the symbol of no coin in the catalogue; symbols=FOO:its-coin-id maps it",
                    "\"TWIN\" is the symbol of twin-a, twin-b; symbols=TWIN:twin-a chooses"
                )
            )
        );

    [Test]
    public void Whoever_imports_says_what_a_symbol_stands_for() =>
        Assert.That(
            Book(
                Swap with
                {
                    Asset = "FOO",
                    Fee = 1,
                    FeeAsset = "FOO",
                    ExternalId = null,
                },
                "foo:foo-coin,BTC:other-coin"
            ),
            Is.EqualTo(new[] { "buy 2 foo-coin for 0.14 BTC fee 1foo-coin  ", "sell 0.14 other-coin at 1 BTC fee   " })
        );
}
