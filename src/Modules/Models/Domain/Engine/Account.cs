using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>The cash that assets share, and the fills that move it: slippage, fees, sizes.</summary>
internal sealed class Account(BacktestRequest request, AssetPlay[] assets, TradeBook trades)
{
    // Room for what rounding leaves of a sum that was meant to be spent to the last.
    private const double Tolerance = 1e-12;
    private const double MaxExactUnits = 1e27;
    private const double MaxExactQuantity = 1e18;

    // What is left of such a sum buys nothing: a trade of it would count like any other.
    private readonly double _nothing = request.InitialCapital * Tolerance;
    private readonly PositionSize _size = request.Configuration.Size;
    private readonly bool _sellsShort = request.Configuration.SellsShort;
    private readonly double? _quantityStep = request.Configuration.OptionalNumber(CommonParameters.QuantityStep);
    private readonly double _minimumOrder = request.Configuration.OptionalNumber(CommonParameters.MinimumOrder) ?? 0;

    public double Cash { get; private set; } = request.InitialCapital;

    public double FeesPaid { get; private set; }

    /// <summary>The value of all fills.</summary>
    public double Turnover { get; private set; }

    public int RejectedEntries { get; private set; }

    /// <summary>Fills the orders that wait for a step's open: exits first, then entries, which share what cash there is then.</summary>
    public void FillAtOpen(int step)
    {
        var any = false;
        foreach (var asset in assets)
        {
            any |= asset.FillStep == step;
        }

        if (!any)
        {
            return;
        }

        foreach (var asset in assets)
        {
            if (asset.FillStep == step && LeavesBySignal(asset))
            {
                Leave(asset, asset.Position.Direction, step, asset.OrderReason);
            }
        }

        var equity = EquityAtOpen(step);
        Rebalance(step, equity, sells: true);
        Enter(step, equity);
        Rebalance(step, equity, sells: false);
        foreach (var asset in assets)
        {
            if (asset.FillStep == step)
            {
                asset.DropOrder();
            }
        }
    }

    /// <summary>Leaves the positions whose stop or target was reached within a step's bar.</summary>
    public void LeaveHit(int step)
    {
        foreach (var asset in assets)
        {
            if (!asset.IsHit)
            {
                continue;
            }

            var slippage = asset.HitReason == ExitReason.TakeProfit ? 0 : request.SlippageRate;
            var price = asset.HitPrice * (1 - (asset.Position.Direction * slippage));
            Take(asset, Math.Abs(asset.Position.Quantity), price, asset.Asset.BarAt(step), asset.HitReason);
        }
    }

    /// <summary>Ends all positions at a step's close: a short position has lost all there is.</summary>
    public void Liquidate(int step)
    {
        foreach (var asset in assets)
        {
            if (asset.Position.IsOpen)
            {
                var bar = asset.Asset.BarAt(step);
                var price = asset.Asset.Candles.Close[bar];
                Take(asset, Math.Abs(asset.Position.Quantity), price, bar, ExitReason.Liquidation);
            }
        }
    }

    /// <summary>Lists positions that are still open at their last close, without a fill.</summary>
    public void MarkWhatIsOpen()
    {
        foreach (var asset in assets)
        {
            if (asset.Position.IsOpen)
            {
                var last = asset.Asset.End - 1;
                var price = asset.Asset.Candles.Close[last];
                Take(asset, Math.Abs(asset.Position.Quantity), price, last, ExitReason.EndOfData);
            }
        }
    }

    private static bool LeavesBySignal(AssetPlay asset) =>
        asset.Position.Direction switch
        {
            > 0 => asset.Order.Has(SignalKind.ExitLong),
            < 0 => asset.Order.Has(SignalKind.ExitShort),
            _ => false,
        };

    private void Leave(AssetPlay asset, int direction, int step, ExitReason reason)
    {
        var price = asset.Asset.OpenAt(step) * (1 - (direction * request.SlippageRate));
        Take(asset, Math.Abs(asset.Position.Quantity), price, asset.Asset.BarAt(step), reason);
    }

    private void Enter(int step, double equity)
    {
        var (entries, later) = (0, 0);
        foreach (var asset in assets)
        {
            if (asset.FillStep == step)
            {
                entries += EntryDirection(asset) != 0 ? 1 : 0;
            }
            else
            {
                later += asset.AwaitsEntry ? 1 : 0;
            }
        }

        if (entries == 0)
        {
            return;
        }

        var share = RoomAtOpen(step) / (entries + later);
        foreach (var asset in assets)
        {
            if (asset.FillStep == step && EntryDirection(asset) is var direction and not 0)
            {
                var unit = UnitCost(asset, direction, step);
                var quantity = asset.Order.Has(SignalKind.Buy)
                    ? asset.Order.Value / unit
                    : _size.Kind switch
                    {
                        SizeKind.Fraction => Math.Min(_size.Value * equity, share) / unit,
                        SizeKind.Quantity => _size.Value,
                        SizeKind.Amount => _size.Value / unit,
                        _ => Math.Min(_size.Value * equity / asset.OrderAtr, share / unit),
                    };
                Add(asset, direction, quantity, step);
            }
        }
    }

    /// <summary>Sells what is beyond the target, or buys what lacks.</summary>
    private void Rebalance(int step, double equity, bool sells)
    {
        foreach (var asset in assets)
        {
            if (asset.FillStep != step || !asset.Order.Has(SignalKind.Target))
            {
                continue;
            }

            var (open, position) = (asset.Asset.OpenAt(step), asset.Position);
            var missing = (asset.Order.Value * equity) - (position.Quantity * open);
            if (sells && RoundDown(-missing / open) is > 0 and var surplus)
            {
                var price = open * (1 - request.SlippageRate);
                Take(asset, Math.Min(surplus, position.Quantity), price, asset.Asset.BarAt(step), ExitReason.Rebalance);
            }
            else if (!sells && missing > _nothing)
            {
                Add(asset, 1, Math.Min(missing, RoomAtOpen(step)) / UnitCost(asset, 1, step), step);
            }
        }
    }

    /// <summary>1 buys, −1 sells short, 0 where the order enters nothing.</summary>
    private int EntryDirection(AssetPlay asset) =>
        asset.Order.Has(SignalKind.Buy) ? 1
        : asset.Position.IsOpen ? 0
        : asset.Order.Has(SignalKind.EnterLong) ? 1
        : _sellsShort && asset.Order.Has(SignalKind.EnterShort) ? -1
        : 0;

    private void Add(AssetPlay asset, int direction, double quantity, int step)
    {
        quantity = RoundDown(quantity);
        var price = asset.Asset.OpenAt(step) * (1 + (direction * request.SlippageRate));
        var value = quantity * price;
        var fee = value * request.FeeRate;
        if (!(value > _nothing) || value < _minimumOrder || value + fee > RoomAtOpen(step) * (1 + Tolerance))
        {
            RejectedEntries++;
            return;
        }

        Cash -= (direction * value) + fee;
        FeesPaid += fee;
        Turnover += value;
        asset.Position.Add(direction * quantity, price, fee, asset.Asset.BarAt(step));
        asset.OnPositionChanged();
    }

    private void Take(AssetPlay asset, double quantity, double price, int bar, ExitReason reason)
    {
        var (position, times) = (asset.Position, asset.Asset.Candles.OpenTimes);
        var (direction, entry, entryBar) = (position.Direction, position.EntryPrice, position.EntryBar);
        var value = quantity * price;
        var fee = reason == ExitReason.EndOfData ? 0 : value * request.FeeRate;
        Cash += (direction * value) - fee;
        FeesPaid += fee;
        Turnover += reason == ExitReason.EndOfData ? 0 : value;
        var fees = fee + position.Take(quantity);
        var pnl = (direction * quantity * (price - entry)) - fees;
        // The entry is a mean, off by its last digit: who leaves at the price of the entry has neither won nor lost.
        pnl = Math.Abs(pnl) > quantity * entry * Tolerance ? pnl : 0;
        trades.Add(
            new(
                asset.Asset.Candles.CoinId,
                direction > 0 ? TradeSide.Long : TradeSide.Short,
                times[entryBar],
                entry,
                times[bar],
                price,
                quantity,
                fees,
                pnl,
                pnl / (entry * quantity),
                reason
            )
        );
        asset.OnPositionChanged();
    }

    private double UnitCost(AssetPlay asset, int direction, int step) =>
        asset.Asset.OpenAt(step) * (1 + (direction * request.SlippageRate)) * (1 + request.FeeRate);

    private double EquityAtOpen(int step)
    {
        var equity = Cash;
        foreach (var asset in assets)
        {
            equity += asset.Position.IsOpen ? asset.Position.Quantity * asset.Asset.OpenAt(step) : 0;
        }

        return equity;
    }

    /// <summary>What may be spent: nothing is bought, or sold short, with more than there is.</summary>
    private double RoomAtOpen(int step)
    {
        var room = EquityAtOpen(step);
        foreach (var asset in assets)
        {
            room -= asset.Position.IsOpen ? Math.Abs(asset.Position.Quantity) * asset.Asset.OpenAt(step) : 0;
        }

        return room;
    }

    /// <summary>In decimals, in which 0.3 is three times 0.1.</summary>
    private double RoundDown(double quantity) =>
        _quantityStep is { } step && Math.Abs(quantity) < MaxExactQuantity && Math.Abs(quantity) / step < MaxExactUnits
            ? (double)(decimal.Floor((decimal)quantity / (decimal)step) * (decimal)step)
            : quantity;
}
