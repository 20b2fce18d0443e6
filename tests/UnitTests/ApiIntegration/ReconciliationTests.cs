using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Application.Contracts.Portfolios;

namespace CryptoBeacon.UnitTests.ApiIntegration;

internal sealed class ReconciliationTests
{
    [Test]
    public void Recorded_stands_beside_the_balance_coin_by_coin()
    {
        var rows = Reconcile([new Balance("BTC", 1.5m)], Held("bitcoin", 1.25m), Held("ethereum", 2));

        Assert.That(
            rows,
            Is.EqualTo(
                new[]
                {
                    new ReconciledCoin("BTC", "bitcoin", 1.25m, 1.5m, 0.25m),
                    new ReconciledCoin(null, "ethereum", 2, 0, -2),
                }
            )
        );
    }

    [Test]
    public void A_shortfall_is_less_than_nothing() =>
        Assert.That(
            Reconcile([new Balance("BTC", 1)], new Position("bitcoin", 0, 0.5m, 0)),
            Is.EqualTo(new[] { new ReconciledCoin("BTC", "bitcoin", -0.5m, 1, 1.5m) })
        );

    [Test]
    public void Several_balances_of_a_coin_are_one_row() =>
        Assert.That(
            Reconcile([new Balance("BTC", 1), new Balance("XBT", 2)], Held("bitcoin", 3)).Single(),
            Is.EqualTo(new ReconciledCoin("BTC", "bitcoin", 3, 3, 0))
        );

    [Test]
    public void An_asset_that_no_coin_is_known_of_comes_last_and_has_none() =>
        Assert.That(
            Reconcile([new Balance("AAA", 7), new Balance("BTC", 1)]).Select(row => row.CoinId),
            Is.EqualTo(new[] { "bitcoin", null })
        );

    [Test]
    public void Money_is_left_out_unless_it_is_recorded()
    {
        Assert.That(Reconcile([new Balance("EUR", 100)]), Is.Empty);
        Assert.That(
            Reconcile([new Balance("EUR", 100)], Held("eur", 90)).Single(),
            Is.EqualTo(new ReconciledCoin("EUR", "eur", 90, 100, 10))
        );
    }

    private static IReadOnlyList<ReconciledCoin> Reconcile(Balance[] balances, params Position[] positions) =>
        Reconciliation.Of(
            balances,
            [
                Coin("BTC", "bitcoin"),
                Coin("XBT", "bitcoin"),
                Coin("ETH", "ethereum"),
                Coin("EUR", "eur", isMoney: true),
            ],
            positions
        );

    private static AssetCoin Coin(string asset, string coinId, bool isMoney = false) =>
        new()
        {
            Asset = asset,
            CoinId = coinId,
            IsMoney = isMoney,
        };

    private static Position Held(string coinId, decimal quantity) => new(coinId, quantity, 0, 0);
}
