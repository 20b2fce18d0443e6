using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.Application.Contracts.Portfolios;

namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>What an exchange's word for an asset stands for.</summary>
internal sealed record AssetCoin
{
    public required string Asset { get; init; }

    /// <summary>Null: several coins share it.</summary>
    public string? CoinId { get; init; }

    public required bool IsMoney { get; init; }
}

/// <param name="Asset">As the exchange calls it; null: there is none of it in the account.</param>
/// <param name="CoinId">Null: the catalogue does not say which coin it is.</param>
/// <param name="Recorded">What the portfolio holds; below 0 where more was sold than recorded as acquired.</param>
/// <param name="Balance">What is in the account.</param>
/// <param name="Difference">Balance − recorded.</param>
internal sealed record ReconciledCoin(
    string? Asset,
    string? CoinId,
    decimal Recorded,
    decimal Balance,
    decimal Difference
);

internal static class Reconciliation
{
    /// <summary>By coin; what no coin is known of comes last.</summary>
    /// <param name="coins">Of the assets that the catalogue knows.</param>
    public static IReadOnlyList<ReconciledCoin> Of(
        IEnumerable<Balance> balances,
        IEnumerable<AssetCoin> coins,
        IEnumerable<Position> positions
    )
    {
        var known = coins.ToDictionary(coin => coin.Asset);
        var recorded = positions.ToDictionary(
            position => position.CoinId,
            position => position.Quantity - position.Shortfall
        );
        var held = balances
            .Select(balance => (balance.Asset, balance.Quantity, Coin: known.GetValueOrDefault(balance.Asset)))
            .Where(asset => asset.Coin is not { IsMoney: true } || recorded.ContainsKey(asset.Coin.CoinId ?? ""))
            .GroupBy(asset => (asset.Coin?.CoinId, Unknown: asset.Coin?.CoinId is null ? asset.Asset : null))
            .Select(same => Row(same.First().Asset, same.Key.CoinId, same.Sum(asset => asset.Quantity)))
            .ToList();
        var inAccount = held.Select(row => row.CoinId).OfType<string>().ToHashSet();
        return
        [
            .. held.Concat(
                    recorded.Keys.Where(coinId => !inAccount.Contains(coinId)).Select(coinId => Row(null, coinId, 0))
                )
                .OrderBy(row => row.CoinId is null)
                .ThenBy(row => row.CoinId ?? row.Asset, StringComparer.Ordinal),
        ];

        ReconciledCoin Row(string? asset, string? coinId, decimal balance)
        {
            var quantity = coinId is null ? 0 : recorded.GetValueOrDefault(coinId);
            return new ReconciledCoin(asset, coinId, quantity, balance, balance - quantity);
        }
    }
}
