namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// One configuration played over a <see cref="Market"/>. It goes from event to event (a fill at an open, a stop or target within a bar, a signal on a close) and does what lies
/// between, the marking of the equity, in one go.
/// </summary>
internal sealed class Simulation
{
    private const int EventsBetweenLooks = 256;

    private readonly Market _market;
    private readonly Account _account;
    private readonly AssetPlay[] _assets;
    private readonly ExitSettings _exits;

    public Simulation(BacktestRequest request, Market market, IndicatorCache indicators, List<SimulatedTrade> trades)
    {
        _market = market;
        _exits = new(request.Configuration, request.FeeRate);
        _assets =
        [
            .. market.Assets.Select(asset => new AssetPlay(asset, request.Configuration, _exits, market, indicators)),
        ];
        _account = new(request, _assets, trades);
    }

    public Account Account => _account;

    /// <summary>Steps at whose close anything was held.</summary>
    public int HeldSteps { get; private set; }

    /// <param name="equity">Filled with the equity at the close of each step.</param>
    public void Run(Span<double> equity, Action<double>? progress, CancellationToken cancellationToken)
    {
        var (step, looks) = (0, 0);
        while (step < _market.Steps)
        {
            if (looks++ % EventsBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke((double)step / _market.Steps);
            }

            _account.FillAtOpen(step);
            step = Play(step, NextFill() - 1, equity);
        }

        _account.MarkWhatIsOpen();
        progress?.Invoke(1);
    }

    /// <summary>The step of the next open at which an order waits; the end of the period when there is none.</summary>
    private int NextFill()
    {
        var next = _market.Steps;
        foreach (var asset in _assets)
        {
            next = Math.Min(next, asset.FillStep);
        }

        return next;
    }

    /// <summary>Plays steps up to the first close with a signal, or to the last.</summary>
    /// <returns>The step after those played.</returns>
    private int Play(int step, int last, Span<double> equity)
    {
        var unasked = step;
        while (step <= last)
        {
            var signal = Math.Min(last + 1, NextSignal(step));
            var played = Math.Min(signal, last);
            var hit = _exits.HasLevels ? FirstHit(unasked, played) : played + 1;
            var marked = Mark(step, Math.Min(hit - 1, played), equity);
            if (marked < Math.Min(hit - 1, played))
            {
                step = unasked = marked + 1;
            }
            else if (hit <= played)
            {
                _account.LeaveHit(hit);
                (step, unasked) = (hit, hit + 1);
            }
            else
            {
                TakeSignals(signal, last);
                return played + 1;
            }
        }

        return step;
    }

    private void TakeSignals(int step, int last)
    {
        // One beyond the last waits: the open before it may change what matters.
        if (step > last)
        {
            return;
        }

        foreach (var asset in _assets)
        {
            asset.TakeSignal(step);
        }
    }

    private int NextSignal(int step)
    {
        var next = int.MaxValue;
        foreach (var asset in _assets)
        {
            next = Math.Min(next, asset.NextSignal(step));
        }

        return next;
    }

    /// <summary>The first step within whose bar a stop or a target is reached; the one after the last when there is none.</summary>
    private int FirstHit(int step, int last)
    {
        for (; step <= last; step++)
        {
            var any = false;
            foreach (var asset in _assets)
            {
                any |= asset.AskExits(step);
            }

            if (any)
            {
                return step;
            }
        }

        return step;
    }

    /// <summary>Fills in the equity at the closes from one step to another; a short position that has lost all ends it early.</summary>
    /// <returns>The last step that was marked.</returns>
    private int Mark(int from, int to, Span<double> equity)
    {
        if (from > to)
        {
            return to;
        }

        var span = equity[from..(to + 1)];
        span.Fill(_account.Cash);
        var (any, shorts) = (false, false);
        foreach (var asset in _assets)
        {
            if (asset.Position.IsOpen)
            {
                asset.AddValue(from, span);
                any = true;
                shorts |= asset.Position.Direction < 0;
            }
        }

        var ruin = shorts ? span.IndexOfAnyInRange(double.NegativeInfinity, 0) : -1;
        if (ruin >= 0)
        {
            to = from + ruin;
            _account.Liquidate(to);
        }

        HeldSteps += any ? to - from + 1 : 0;
        return to;
    }
}
