using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Sweeps;

namespace CryptoBeacon.UnitTests.Models;

internal sealed class SweepTests
{
    private const string Base = """{"strategy":"sma_cross","fast":2,"slow":5,"direction":"both","stopLossPercent":6}""";

    private static readonly SweepAxis Fast = Axis("/fast", 2, 3, 5, 8);
    private static readonly SweepAxis Slow = Axis("/slow", 5, 8, 13, 21);

    [TestCase(1)]
    [TestCase(4)]
    public void Each_result_is_what_the_engine_says_to_the_last_bit(int threads)
    {
        var request = Request(Fast, Slow) with { Threads = threads };

        var outcome = Sweep.Run(request);

        Assert.That(outcome.Results, Has.Count.EqualTo(13));
        Assert.That(
            outcome.LeftOut.Select(left => (left.Pointer, left.Configurations)),
            Is.EqualTo(new[] { ("/fast", 3) }),
            "5 of 5, 8 of 5, 8 of 8 are no pairs"
        );
        foreach (var result in outcome.Results)
        {
            var alone = (
                request.Base with
                {
                    Configuration = Backtests.Configuration(
                        Base.Replace(
                            "\"fast\":2,\"slow\":5",
                            $"\"fast\":{result.Values["/fast"]},\"slow\":{result.Values["/slow"]}"
                        )
                    ),
                }
            ).Run();
            Assert.That(result.Metrics, Is.EqualTo(alone.Metrics));
        }
    }

    [Test]
    public void The_best_comes_first_and_has_its_neighbours()
    {
        var outcome = Sweep.Run(Request(Fast, Slow));

        var sharpes = outcome.Results.Select(result => result.Metrics.Sharpe.Value!.Value).ToArray();
        Assert.That(sharpes, Is.Ordered.Descending);
        Assert.That(outcome.Best, Is.SameAs(outcome.Results[0]));
        Assert.That(outcome.Neighbours, Is.Not.Empty);
        Assert.That(outcome.DeflatedSharpe.Value, Is.InRange(0.0, 1.0));
    }

    [Test]
    public void A_measure_that_should_be_small_ranks_so()
    {
        var outcome = Sweep.Run(Request(Fast, Slow) with { Metric = MetricCatalogue.Find("volatility")! });

        Assert.That(outcome.Results.Select(r => r.Metrics.Volatility.Value!.Value), Is.Ordered.Ascending);
    }

    [Test]
    public void Each_part_s_best_is_measured_on_the_part_after()
    {
        var request = Request(Fast, Slow) with { WalkForwardWindows = 3 };

        var windows = Sweep.Run(request).WalkForward;

        Assert.That(windows, Has.Count.EqualTo(3));
        Assert.That(windows.Skip(1).Select(w => w.Start), Is.EqualTo(windows.SkipLast(1).Select(w => w.Split)));
        Assert.That((windows[0].Start, windows[2].End), Is.EqualTo((request.Base.Start, request.Base.End)));
        var second = windows[1];
        var alone = Sweep.Run(
            request with
            {
                WalkForwardWindows = 0,
                Base = request.Base with { Start = second.Start, End = second.Split },
            }
        );
        Assert.That(second.Best!.Metrics, Is.EqualTo(alone.Best!.Metrics));
        Assert.That(second.OutOfSample, Is.Not.Null.And.Not.EqualTo(second.Best.Metrics));
    }

    [Test]
    public void A_random_search_draws_different_points_and_the_same_ones_again()
    {
        var request = Request(
            Axis("/fast", [.. Enumerable.Range(1, 300)]),
            Axis("/slow", [.. Enumerable.Range(301, 300)])
        ) with
        {
            RandomCount = 40,
            Seed = 7,
        };

        var (one, two) = (Points(Sweep.Run(request)), Points(Sweep.Run(request)));

        Assert.That(one, Is.Unique.And.Length.EqualTo(40));
        Assert.That(two, Is.EqualTo(one));
        Assert.That(Points(Sweep.Run(request with { Seed = 8 })), Is.Not.EqualTo(one));

        static string[] Points(SweepOutcome outcome) =>
            [.. outcome.Results.Select(result => $"{result.Values["/fast"]},{result.Values["/slow"]}").Order()];
    }

    [TestCase("[10,10]", "10")]
    [TestCase("""[5,"5.0",5.00]""", "5")]
    [TestCase("[20,5,100,10]", "5,10,20,100")]
    [TestCase("""[20,"5",100]""", "5,20,100")]
    [TestCase("""["long","both","long"]""", "long,both")]
    public void An_axis_has_each_value_once_and_numbers_in_their_order(string list, string values)
    {
        var space = new SweepSpace(new JsonObject { ["fast"] = JsonNode.Parse(list) }, "sharpe", null, 1, 0);

        Assert.That(string.Join(',', space.Axes()[0].Values.Select(value => value!.ToString())), Is.EqualTo(values));
    }

    [Test]
    public void A_best_without_neighbours_is_neither_a_lone_peak_nor_none() =>
        Assert.That(Sweep.Run(Request(Axis("/fast", 3))).IsLonePeak, Is.Null);

    [TestCase("""{"fast":[2,0,2.5,"many"]}""", "grid.fast[1]", "grid.fast[2]", "grid.fast[3]")]
    [TestCase("""{"fast":[2,10.0,1e1]}""")]
    [TestCase("""{"fast":["2"]}""", "grid.fast[0]")]
    [TestCase("""{"fast":{"from":0,"to":2,"step":1}}""", "grid.fast")]
    [TestCase("""{"direction":["long","up"]}""", "grid.direction[1]")]
    [TestCase("""{"fast":[50]}""")]
    public void A_value_that_the_schema_refuses_is_told_where_it_stands(string grid, params string[] fields)
    {
        var space = new SweepSpace((JsonObject)JsonNode.Parse(grid)!, "sharpe", null, 1, 0);

        var faults = space.FaultsOfValues((JsonObject)JsonNode.Parse(Base)!).ToList();

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(fields));
        Assert.That(faults.Select(fault => fault.Message), Is.All.Contains("(JSON pointer /grid/"));
    }

    [Test]
    public void More_configurations_than_there_may_be_are_refused() =>
        Assert.That(
            () =>
                Sweep.Run(
                    Request(
                        Axis("/fast", [.. Enumerable.Range(1, 101)]),
                        Axis("/slow", [.. Enumerable.Range(101, 100)])
                    )
                ),
            Throws.ArgumentException
        );

    [Test]
    public void What_is_forgotten_is_computed_again_to_the_same_values()
    {
        var candles = Candles.Random(1, 300);
        var request = Backtests.Request(Base, candles);
        var market = Market.Of([candles], request.Start, request.End, request.Interval);
        using var few = new IndicatorCache(CancellationToken.None, maxSeries: 1);
        using var all = new IndicatorCache(CancellationToken.None);

        Assert.That(
            Workbench.Run([request], market, few, null, CancellationToken.None),
            Is.EqualTo(Workbench.Run([request], market, all, null, CancellationToken.None))
        );
    }

    [Test]
    public void Progress_comes_to_its_end_and_a_cancelled_sweep_stops()
    {
        var told = new List<double>();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Sweep.Run(Request(Fast, Slow) with { WalkForwardWindows = 2 }, told.Add);

        Assert.That(told, Is.Ordered.Ascending);
        Assert.That(told[^1], Is.EqualTo(1).Within(1e-9));
        Assert.That(
            () => Sweep.Run(Request(Fast, Slow), null, cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }

    [Test]
    public void The_deflated_sharpe_ratio_is_that_of_the_paper_s_example()
    {
        // Five years of days with a yearly Sharpe ratio of 2.5, skewness −3, kurtosis 10; 100 tries whose yearly ratios have a variance of 1/2.
        var moments = new ReturnMoments(1250, 2.5 / Math.Sqrt(250), 1, -3, 10);
        var apart = Math.Sqrt(0.5 / 250 * 99 / 100);
        double[] tries = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? apart : -apart)];

        Assert.That(DeflatedSharpe.Of(moments, tries).Value, Is.EqualTo(0.9004).Within(0.0005));
    }

    private static SweepAxis Axis(string pointer, params int[] values) =>
        new(pointer, [.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    private static SweepRequest Request(params SweepAxis[] axes) =>
        new()
        {
            Base = Backtests.Request(Base, Candles.Random(5, 400), Candles.Random(6, 400, "ethereum")) with
            {
                FeeRate = 0.001,
            },
            Configuration = (JsonObject)JsonNode.Parse(Base)!,
            Axes = axes,
            Metric = MetricCatalogue.Find("sharpe")!,
        };
}
