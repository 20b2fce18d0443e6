namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// What holding all assets in equal parts from their first opens would have brought, without fees: the yardstick. Worked out where it is read, since it is but a multiple of the closes:
/// a run need not keep another number for each bar.
/// </summary>
internal sealed class BuyAndHoldCurve(Market market, double capital)
{
    /// <summary>At a step's close.</summary>
    public double At(int step)
    {
        var equity = 0.0;
        CopyTo(step, new Span<double>(ref equity));
        return equity;
    }

    /// <summary>Writes the equity at the closes from a step on.</summary>
    public void CopyTo(int step, Span<double> equity)
    {
        equity.Clear();
        var part = capital / market.Assets.Count;
        foreach (var asset in market.Assets)
        {
            // Cash until the asset's first bar; for good if it has none.
            var first = asset.First < asset.End ? asset.StepOf(asset.First) : market.Steps;
            var cash = Math.Clamp(first - step, 0, equity.Length);
            foreach (ref var value in equity[..cash])
            {
                value += part;
            }

            if (cash < equity.Length)
            {
                asset.AddValue(part / asset.Candles.Open[asset.First], step + cash, equity[cash..]);
            }
        }
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
