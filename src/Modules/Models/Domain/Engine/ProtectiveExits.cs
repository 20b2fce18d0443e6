using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// Stop-loss, trailing stop and targets of one open position. They work from the bar of the entry on. Where a bar reaches both, the stop counts; a gap through either fills
/// at the open; the trailing stop follows the highs (short: lows) up to the bar before.
/// </summary>
internal struct ProtectiveExits(ExitSettings settings, Position position, CandleSeries candles)
{
    private readonly int _direction = position.Direction;
    private readonly double _stop = position.EntryPrice * (1 - (position.Direction * settings.StopLoss));
    private readonly double _target = settings.TargetPrice(position, settings.TakeProfit);
    private double _best = position.EntryPrice;
    private int _step = -1;

    /// <summary>Whether the position is left in a bar. To be asked bar by bar.</summary>
    /// <param name="price">Where, before slippage.</param>
    public bool IsHit(int bar, out double price, out ExitReason reason)
    {
        var (open, adverse, favourable) =
            _direction > 0
                ? (candles.Open[bar], candles.Low[bar], candles.High[bar])
                : (candles.Open[bar], candles.High[bar], candles.Low[bar]);
        (var stop, reason) = Stop();
        var target = Target(bar);
        if (IsPast(stop, open))
        {
            price = open;
            return true;
        }

        if (IsPast(open, target))
        {
            (price, reason) = (open, ExitReason.TakeProfit);
            return true;
        }

        if (IsPast(stop, adverse))
        {
            price = stop;
            return true;
        }

        if (IsPast(favourable, target))
        {
            (price, reason) = (target, ExitReason.TakeProfit);
            return true;
        }

        _best = IsPast(favourable, _best) ? favourable : _best;
        price = 0;
        return false;
    }

    private readonly (double Price, ExitReason Reason) Stop()
    {
        var trailing = _best * (1 - (_direction * settings.TrailingStop));
        return double.IsNaN(_stop) || IsPast(trailing, _stop)
            ? (trailing, ExitReason.TrailingStop)
            : (_stop, ExitReason.StopLoss);
    }

    /// <summary>The nearer of the fixed target and the step of the schedule that holds when the bar opens.</summary>
    private double Target(int bar)
    {
        var schedule = settings.Schedule;
        if (schedule.Count == 0)
        {
            return _target;
        }

        var age = candles.OpenTimes[bar] - candles.OpenTimes[position.EntryBar];
        while (_step + 1 < schedule.Count && schedule[_step + 1].After <= age)
        {
            _step++;
        }

        var scheduled = _step < 0 ? double.NaN : settings.TargetPrice(position, schedule[_step].Ratio);
        return double.IsNaN(scheduled) || IsPast(scheduled, _target) ? _target : scheduled;
    }

    /// <summary>Whether the first is at or beyond the second in the position's direction; never where one is NaN, which is "none".</summary>
    private readonly bool IsPast(double price, double level) => _direction > 0 ? price >= level : price <= level;
}

/// <summary>The protective exits of a configuration, as ratios; NaN where there is none.</summary>
internal sealed class ExitSettings(StrategyConfiguration configuration, double feeRate)
{
    private readonly bool _netOfFees = configuration.Is(CommonParameters.TakeProfitNetOfFees);

    public double StopLoss { get; } = Ratio(configuration, CommonParameters.StopLossPercent);

    public double TrailingStop { get; } = Ratio(configuration, CommonParameters.TrailingStopPercent);

    public double TakeProfit { get; } = Ratio(configuration, CommonParameters.TakeProfitPercent);

    public IReadOnlyList<TakeProfitStep> Schedule { get; } = configuration.TakeProfitSchedule;

    public int MaxBars { get; } = (int)(configuration.OptionalNumber(CommonParameters.MaxBars) ?? int.MaxValue);

    /// <summary>Whether bars have to be looked at one by one.</summary>
    public bool HasLevels { get; } =
        configuration.TakeProfitSchedule.Count > 0
        || configuration.OptionalNumber(CommonParameters.StopLossPercent) is not null
        || configuration.OptionalNumber(CommonParameters.TrailingStopPercent) is not null
        || configuration.OptionalNumber(CommonParameters.TakeProfitPercent) is not null;

    /// <summary>Where a position has gained a ratio of its entry value; net of fees, a ratio of what it cost.</summary>
    public double TargetPrice(Position position, double ratio)
    {
        var entry = position.EntryPrice;
        return position.Direction > 0
            ? _netOfFees
                ? entry * (1 + feeRate) * (1 + ratio) / (1 - feeRate)
                : entry * (1 + ratio)
            : _netOfFees
                ? entry * (1 - feeRate - ratio) / (1 + feeRate)
                : entry * (1 - ratio);
    }

    private static double Ratio(StrategyConfiguration configuration, Parameter parameter) =>
        (configuration.OptionalNumber(parameter) ?? double.NaN) / 100;
}
