namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>What holding all assets in equal parts from their first opens would have brought, without fees: the yardstick.</summary>
internal static class BuyAndHoldCurve
{
    public static double[] Of(Market market, double capital)
    {
        var equity = new double[market.Steps];
        var part = capital / market.Assets.Count;
        foreach (var asset in market.Assets)
        {
            // Cash until the asset's first bar; for good if it has none.
            var first = asset.First < asset.End ? asset.StepOf(asset.First) : market.Steps;
            var quantity = first < market.Steps ? part / asset.Candles.Open[asset.First] : 0;
            for (var step = 0; step < first; step++)
            {
                equity[step] += part;
            }

            asset.AddValue(quantity, first, equity.AsSpan(first));
        }

        return equity;
    }

    /// <summary>The same at the end, as a ratio.</summary>
    public static double Return(Market market)
    {
        var sum = 0.0;
        foreach (var asset in market.Assets)
        {
            sum +=
                asset.First < asset.End
                    ? (asset.Candles.Close[asset.End - 1] / asset.Candles.Open[asset.First]) - 1
                    : 0;
        }

        return sum / market.Assets.Count;
    }
}
