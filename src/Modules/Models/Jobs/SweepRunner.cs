using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Sweeps;
using CryptoBeacon.Models.Features;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Jobs;

/// <summary>Works a sweep out. Of all that it tries it keeps the measures, and of these the best hundred.</summary>
internal sealed class SweepRunner(RunRequests requests, TradeSetup setup)
{
    private const int Kept = 100;

    public async Task<Result<FinishSweep>> RunAsync(RunInHand run)
    {
        if (await requests.FindAsync(run.Id, run.Unwanted) is not { Space: { } stored } request)
        {
            return ModelErrors.SweepNotFound;
        }

        var space = JsonSerializer.Deserialize<SweepSpace>(stored, BeaconJson.Options)!;
        var axes = space.Axes();
        var prepared = await setup.PrepareAsync(run, request, axes);
        if (!prepared.IsSuccess)
        {
            return prepared.Error;
        }

        var outcome = Sweep.Run(
            new SweepRequest
            {
                Base = prepared.Value.Request,
                Configuration = JsonNode.Parse(request.Configuration)!.AsObject(),
                Axes = axes,
                Metric = MetricCatalogue.Find(space.Metric)!,
                RandomCount = space.Samples,
                Seed = space.Seed,
                WalkForwardWindows = space.WalkForwardWindows,
            },
            done => run.Progress = TradeSetup.Read + ((1 - TradeSetup.Read) * done),
            run.Unwanted
        );
        return new FinishSweep(
            run.Id,
            run.Runner,
            new SweepResults(
                outcome.Results.Count,
                outcome.LeftOut.Sum(left => left.Configurations),
                Swept(outcome.Best),
                [.. outcome.Neighbours.Select(result => Swept(result)!)],
                outcome.IsLonePeak,
                Significant.Of(outcome.DeflatedSharpe.Value),
                [.. outcome.WalkForward.Select(Swept)],
                [.. outcome.Results.Take(Kept).Select(result => Swept(result)!)]
            )
            {
                LeftOutBecause = outcome.LeftOut,
            },
            prepared.Value.Reproducibility with
            {
                Seed = space.Seed,
            }
        );
    }

    private static SweptConfiguration? Swept(SweepResult? result) =>
        result is null ? null : new SweptConfiguration(Values(result), Metrics.ToJson(result.Metrics));

    private static SweptWindow Swept(WalkForwardWindow window) =>
        new(
            DateTimeOffset.FromUnixTimeMilliseconds(window.Start),
            DateTimeOffset.FromUnixTimeMilliseconds(window.Split),
            DateTimeOffset.FromUnixTimeMilliseconds(window.End),
            window.Best is { } best ? Values(best) : null,
            window.Best is { } chosen ? Metrics.ToJson(chosen.Metrics) : null,
            window.OutOfSample is { } measured ? Metrics.ToJson(measured) : null
        );

    /// <summary>A property of the configuration by its name, anything deeper by its pointer.</summary>
    private static JsonObject Values(SweepResult result) =>
        new(
            result.Values.Select(value =>
                KeyValuePair.Create(
                    value.Key.LastIndexOf('/') == 0 ? value.Key[1..] : value.Key,
                    value.Value?.DeepClone()
                )
            )
        );
}
