using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <summary>
/// Runs the plain engine over many configurations on all cores; what it says of each is what the engine says, to the last bit. Indicators are shared, and an equity curve lives as
/// long as the run that its measures are taken from.
/// </summary>
internal sealed class Sweep : IDisposable
{
    private const int SharedSeriesPerAsset = 64;
    private const int SharedValues = 100_000_000;

    private readonly SweepRequest _request;
    private readonly SweepGrid _grid;
    private readonly List<Candidate> _candidates;
    private readonly IReadOnlyList<LeftOut> _leftOut;
    private readonly IndicatorCache _indicators;
    private readonly Action<double>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly Lock _telling = new();
    private double _done;

    private Sweep(SweepRequest request, Action<double>? progress, CancellationToken cancellationToken)
    {
        (_request, _progress, _cancellationToken) = (request, progress, cancellationToken);
        _grid = new(request.Axes);
        var bars = Math.Max(1, request.Base.Assets.Max(asset => asset.Count));
        _indicators = new(
            cancellationToken,
            Math.Clamp(SharedValues / bars, 1, SharedSeriesPerAsset * request.Base.Assets.Count)
        );
        var (candidates, faults) = (new List<Candidate>(), new List<ConfigurationError>());
        foreach (var point in _grid.Points(request.RandomCount, request.Seed))
        {
            if (_grid.Configure(request.Configuration, point, out var errors) is { } configuration)
            {
                candidates.Add(new Candidate(point, configuration));
            }
            else
            {
                faults.Add(errors[0]);
            }
        }

        _candidates = candidates;
        _leftOut =
        [
            .. faults
                .CountBy(fault => fault)
                .OrderByDescending(fault => fault.Value)
                .ThenBy(fault => fault.Key.Pointer, StringComparer.Ordinal)
                .Select(fault => new LeftOut(fault.Key.Pointer, fault.Key.Message, fault.Value)),
        ];
    }

    /// <param name="progress">Told the ratio of the work that is done; called from several threads, one at a time.</param>
    /// <exception cref="ArgumentException">The grid has more than <see cref="SweepRequest.MaxConfigurations"/> points, or a pointer leads nowhere.</exception>
    /// <exception cref="OperationCanceledException">Soon after the token asks for it.</exception>
    public static SweepOutcome Run(
        SweepRequest request,
        Action<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        using var sweep = new Sweep(request, progress, cancellationToken);
        return sweep.Run();
    }

    public void Dispose() => _indicators.Dispose();

    private SweepOutcome Run()
    {
        var whole = MarketOf(_request.Base.Start, _request.Base.End);
        var measured = MeasureAll(whole);

        var results = _candidates
            .Zip(
                measured,
                (candidate, metrics) =>
                    (candidate.Point, Result: new SweepResult(_grid.Values(candidate.Point), metrics))
            )
            .OrderByDescending(entry => Score(entry.Result.Metrics))
            .ToArray();
        var hasBest = results.Length > 0 && Score(results[0].Result.Metrics) > double.NegativeInfinity;
        SweepResult[] neighbours = hasBest
            ?
            [
                .. results
                    .Where(entry => SweepGrid.AreNeighbours(entry.Point, results[0].Point))
                    .Select(entry => entry.Result),
            ]
            : [];
        return new(
            [.. results.Select(entry => entry.Result)],
            hasBest ? results[0].Result : null,
            neighbours,
            hasBest ? IsLone(Score(results[0].Result.Metrics), [.. neighbours.Select(n => Score(n.Metrics))]) : null,
            _leftOut,
            hasBest ? Deflated(whole, results[0].Point, measured) : Statistic.None(Unsaid.TooFewPoints),
            WalkForward()
        );
    }

    /// <summary>Chooses the best on each part of the period and measures it on the part after.</summary>
    private List<WalkForwardWindow> WalkForward()
    {
        var windows = new List<WalkForwardWindow>();
        for (var i = 0; i < _request.WalkForwardWindows; i++)
        {
            var (start, split, end) = (Boundary(i), Boundary(i + 1), Boundary(i + 2));
            var (sample, after) = (MarketOf(start, split), MarketOf(split, end));
            var measured = MeasureAll(sample);
            var scores = measured.Select(Score).ToArray();
            var best = Array.IndexOf(scores, scores.DefaultIfEmpty(double.NegativeInfinity).Max());
            windows.Add(
                best < 0 || double.IsNegativeInfinity(scores[best])
                    ? new(start, split, end, null, null)
                    : new(
                        start,
                        split,
                        end,
                        new(_grid.Values(_candidates[best].Point), measured[best]),
                        Measure([_candidates[best]], after)[0]
                    )
            );
        }

        return windows;

        long Boundary(int part)
        {
            var (first, length, interval) = (
                _request.Base.Start,
                _request.Base.End - _request.Base.Start,
                _request.Base.Interval
            );
            var at = (long)((decimal)length * part / (_request.WalkForwardWindows + 1));
            return part > _request.WalkForwardWindows ? _request.Base.End : first + (at / interval * interval);
        }
    }

    private Statistic Deflated(Market whole, int[] best, BacktestMetrics[] measured)
    {
        var perBar = Math.Sqrt(whole.StepsPerYear);
        double[] tries =
        [
            .. measured.Where(m => m.Sharpe.Value is not null).Select(m => m.Sharpe.Value!.Value / perBar),
        ];
        var equity = new double[whole.Steps];
        var index = _candidates.FindIndex(candidate => candidate.Point.SequenceEqual(best));
        Measure([_candidates[index]], whole, equity);
        return DeflatedSharpe.Of(ReturnMoments.Of(equity, _request.Base.InitialCapital), tries);
    }

    private BacktestMetrics[] Measure(IReadOnlyList<Candidate> candidates, Market market, double[]? equity = null) =>
        Workbench.Run(
            [.. candidates.Select(candidate => _request.Base with { Configuration = candidate.Configuration })],
            market,
            _indicators,
            equity,
            _cancellationToken
        );

    private BacktestMetrics[] MeasureAll(Market market)
    {
        var measured = new BacktestMetrics[_candidates.Count];
        // A few configurations are shared out among the threads; many fill the places.
        var places = Math.Clamp(_candidates.Count / _request.Threads, 1, Workbench.Places);
        var share = ShareOf(market) / Math.Max(1, _candidates.Count);
        Parallel.ForEach(
            _candidates.Chunk(places).Index(),
            new ParallelOptions { MaxDegreeOfParallelism = _request.Threads, CancellationToken = _cancellationToken },
            batch =>
            {
                Measure(batch.Item, market).CopyTo(measured, batch.Index * places);
                lock (_telling)
                {
                    _done += share * batch.Item.Length;
                    _progress?.Invoke(Math.Min(1, _done));
                }
            }
        );
        return measured;
    }

    /// <summary>The whole period is one half of the work, the parts of the walk forward are the other.</summary>
    private double ShareOf(Market market) =>
        _request.WalkForwardWindows == 0 ? 1
        : market.Times.Length > 0
        && market.Times[0] + ((market.Steps - 1) * market.Interval) >= _request.Base.End - market.Interval
            ? 0.5
        : 0.5 / _request.WalkForwardWindows;

    private Market MarketOf(long start, long end) =>
        Market.Of(_request.Base.Assets, start, end, _request.Base.Interval);

    /// <summary>The more the better; nothing is worse than no value.</summary>
    private double Score(BacktestMetrics metrics) =>
        _request.Metric.Of(metrics).Value is { } value
            ? _request.Metric.HigherIsBetter
                ? value
                : -value
            : double.NegativeInfinity;

    private static bool? IsLone(double best, double[] neighbours) =>
        neighbours.Length == 0 ? null : neighbours.Average() < best - (0.5 * Math.Abs(best));

    private sealed record Candidate(int[] Point, StrategyConfiguration Configuration);
}
