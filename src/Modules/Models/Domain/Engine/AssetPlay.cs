using CryptoBeacon.Models.Domain.Indicators;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>One asset within a <see cref="Simulation"/>: its position, the signal that comes next and the order that waits for an open.</summary>
internal sealed class AssetPlay
{
    private const int Unknown = -1;

    private readonly bool _sellsShort;
    private readonly ExitSettings _settings;
    private readonly SignalSource _source;
    private readonly Line? _atr;
    private ProtectiveExits _exits;
    private int _signalBar = Unknown;

    // No bar before it has a signal.
    private int _searched;
    private Signal _signal;
    private ExitReason _signalReason;

    public AssetPlay(
        MarketAsset asset,
        StrategyConfiguration configuration,
        ExitSettings settings,
        Market market,
        IndicatorCache indicators
    )
    {
        (Asset, _settings, _sellsShort) = (asset, settings, configuration.SellsShort);
        var lines = configuration.Lines.Select(line => indicators.Get(asset.Candles, line)).ToArray();
        _atr = configuration.Size.Kind == SizeKind.AtrRisk ? lines[^1] : null;
        _source = configuration.Strategy.Bind(
            configuration,
            new AssetView(asset.Candles, lines, asset.First, market.Assets.Count, market.Interval)
        );
        AwaitsEntry = _source.Opening.Has(SignalKind.EnterLong);
        if (_source.Opening.Kind != SignalKind.None && asset.First < asset.End)
        {
            (Order, FillStep) = (_source.Opening, asset.StepOf(asset.First));
        }
    }

    public MarketAsset Asset { get; }

    public Position Position { get; } = new();

    /// <summary>What waits to be filled at <see cref="FillStep"/>.</summary>
    public Signal Order { get; private set; }

    public ExitReason OrderReason { get; private set; }

    /// <summary>Whether it is to be entered at its first open, which has not come yet, and may never: its part of the cash is kept.</summary>
    public bool AwaitsEntry { get; private set; }

    /// <summary>The average true range on the close on which the order was given; NaN where there was none.</summary>
    public double OrderAtr { get; private set; } = double.NaN;

    /// <summary>The step of the open at which the order is filled; far beyond the last when there is none.</summary>
    public int FillStep { get; private set; } = int.MaxValue;

    public bool IsHit { get; private set; }

    public double HitPrice { get; private set; }

    public ExitReason HitReason { get; private set; }

    /// <summary>The step of the first close from one step to another with a signal that can matter; far beyond when there is none.</summary>
    public int NextSignal(int step, int last)
    {
        if (_signalBar == Unknown)
        {
            var from = Asset.HasBarAt(step) ? Asset.BarAt(step) : Asset.BarAt(step) + 1;
            Search(Math.Max(from, _searched), Asset.BarAt(last) + 1);
        }

        return _signalBar == Unknown ? int.MaxValue : Asset.StepOf(_signalBar);
    }

    /// <summary>Makes an order of the signal on a step's close, if there is one; on the asset's last bar it is dropped.</summary>
    public void TakeSignal(int step)
    {
        if (_signalBar != Unknown && Asset.StepOf(_signalBar) == step)
        {
            (Order, OrderReason) = (_signal, _signalReason);
            FillStep = _signalBar + 1 < Asset.End ? Asset.StepOf(_signalBar + 1) : int.MaxValue;
            OrderAtr = _atr?.Now(new Prefix(_signalBar, Position)) ?? double.NaN;
            _signalBar = Unknown;
        }
    }

    public void DropOrder() => (Order, FillStep, AwaitsEntry) = (Signal.None, int.MaxValue, false);

    /// <summary>Signals and protective exits depend on the position: whoever changes it says so.</summary>
    public void OnPositionChanged()
    {
        (_signalBar, _searched, IsHit) = (Unknown, 0, false);
        if (_settings.HasLevels)
        {
            _exits = Position.IsOpen ? new(_settings, Position, Asset.Candles) : default;
        }
    }

    /// <summary>Whether a stop or a target is reached within a step's bar. To be asked step by step.</summary>
    public bool AskExits(int step)
    {
        IsHit =
            Position.IsOpen
            && Asset.HasBarAt(step)
            && _exits.IsHit(Asset.BarAt(step), out var price, out var reason)
            && Hit(price, reason);
        return IsHit;
    }

    /// <summary>Adds what the position is worth at the closes from a step on.</summary>
    public void AddValue(int step, Span<double> equity) => Asset.AddValue(Position.Quantity, step, equity);

    private void Search(int from, int to)
    {
        if (from >= to)
        {
            return;
        }

        var deadline = Position.IsOpen ? (long)Position.EntryBar + _settings.MaxBars - 1 : int.MaxValue;
        var limit = (int)Math.Max(from, Math.Min(to, deadline + 1));
        var bar = _source.Next(from, limit, Wanted, Position, out var signal);
        var exit = Position.Direction > 0 ? SignalKind.ExitLong : SignalKind.ExitShort;
        if (deadline < to && bar >= deadline && !signal.Has(exit))
        {
            _signalBar = (int)Math.Max(from, deadline);
            // Entries matter on this close too: like any other exit it leaves room for one at the same open.
            _ = _source.Next(_signalBar, _signalBar + 1, ~SignalKind.None, Position, out signal);
            _signal = signal with { Kind = signal.Kind | exit };
            _signalReason = ExitReason.MaxBars;
        }
        else if (bar < limit)
        {
            (_signalBar, _signal, _signalReason) = (bar, signal, ExitReason.Signal);
        }
        else
        {
            _searched = limit;
        }
    }

    private SignalKind Wanted =>
        SignalKind.Buy
        | SignalKind.Target
        | Position.Direction switch
        {
            > 0 => SignalKind.ExitLong,
            < 0 => SignalKind.ExitShort,
            _ => SignalKind.EnterLong | (_sellsShort ? SignalKind.EnterShort : SignalKind.None),
        };

    private bool Hit(double price, ExitReason reason)
    {
        (HitPrice, HitReason) = (price, reason);
        return true;
    }
}
