namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// One configuration played over a <see cref="Market"/>. It goes from event to event (a fill at an open, a stop or target within a bar, a signal on a close) and does what lies
/// between, the marking of the equity, in one go.
/// </summary>
internal sealed class Simulation
{
    /// <summary>How many steps to play in one go: few enough to be soon back, and that what they need is still in the cache for the next simulation.</summary>
    public const int Stretch = 2048;

    private readonly Market _market;
    private readonly Account _account;
    private readonly AssetPlay[] _assets;
    private readonly ExitSettings _exits;
    private int _step;

    /// <param name="equity">Where the equity at the closes is kept; null where nobody wants more than its measures.</param>
    public Simulation(
        BacktestRequest request,
        Market market,
        IndicatorCache indicators,
        TradeBook trades,
        double[]? equity
    )
    {
        _market = market;
        Trades = trades;
        Curve = new(market, request.InitialCapital, request.RiskFreeRate, equity);
        _exits = new(request.Configuration, request.FeeRate);
        _assets =
        [
            .. market.Assets.Select(asset => new AssetPlay(asset, request.Configuration, _exits, market, indicators)),
        ];
        _account = new(request, _assets, trades);
    }

    public Account Account => _account;

    public EquityCurve Curve { get; }

    public TradeBook Trades { get; }

    /// <summary>Steps at whose close anything was held.</summary>
    public int HeldSteps { get; private set; }

    /// <summary>Plays on up to a step.</summary>
    /// <returns>Whether there are more.</returns>
    public bool Run(int until)
    {
        until = Math.Min(until, _market.Steps);
        while (_step < until)
        {
            _account.FillAtOpen(_step);
            _step = Play(_step, Math.Min(NextFill(), until) - 1);
        }

        return until < _market.Steps;
    }

    /// <summary>When all steps have been played.</summary>
    public void End() => _account.MarkWhatIsOpen();

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
    private int Play(int step, int last)
    {
        var unasked = step;
        while (step <= last)
        {
            var signal = Math.Min(last + 1, NextSignal(step, last));
            var played = Math.Min(signal, last);
            var hit = _exits.HasLevels ? FirstHit(unasked, played) : played + 1;
            var marked = Mark(step, Math.Min(hit - 1, played));
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
                TakeSignals(played);
                return played + 1;
            }
        }

        return step;
    }

    private void TakeSignals(int step)
    {
        foreach (var asset in _assets)
        {
            asset.TakeSignal(step);
        }
    }

    private int NextSignal(int step, int last)
    {
        var next = int.MaxValue;
        foreach (var asset in _assets)
        {
            next = Math.Min(next, asset.NextSignal(step, last));
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

    /// <summary>Writes the equity at the closes from one step to another; a short position that has lost all ends it early.</summary>
    /// <returns>The last step that was marked.</returns>
    private int Mark(int from, int to)
    {
        while (from <= to)
        {
            var span = Curve.Next(to - from + 1);
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
            var marked = ruin < 0 ? span.Length : ruin + 1;
            if (ruin >= 0)
            {
                _account.Liquidate(from + ruin);
                span[ruin] = _account.Cash;
            }

            Curve.Add(marked);
            HeldSteps += any ? marked : 0;
            from += marked;
            if (ruin >= 0)
            {
                return from - 1;
            }
        }

        return to;
    }
}
