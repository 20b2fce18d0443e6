using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Prediction;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Jobs;

/// <summary>Works a back-test out: reads what it asks for and its candles, computes, and gives the result to be kept.</summary>
internal sealed class BacktestRunner(RunRequests requests, Bars bars, TradeSetup setup)
{
    public async Task<Result<BacktestResult>> RunAsync(RunInHand run)
    {
        if (await requests.FindAsync(run.Id, run.Unwanted) is not { } request)
        {
            return ModelErrors.BacktestNotFound;
        }

        using var configuration = JsonDocument.Parse(request.Configuration);
        return PredictionConfiguration.IsOne(configuration.RootElement)
            ? await PredictAsync(run, request.Terms, configuration.RootElement)
            : await TradeAsync(run, request);
    }

    private async Task<Result<BacktestResult>> TradeAsync(RunInHand run, RunRequest request)
    {
        var prepared = await setup.PrepareAsync(run, request);
        if (!prepared.IsSuccess)
        {
            return prepared.Error;
        }

        var outcome = BacktestEngine.Run(
            prepared.Value.Request,
            done => run.Progress = TradeSetup.Read + ((1 - TradeSetup.Read) * done),
            run.Unwanted
        );
        return new BacktestResult(
            new Dictionary<string, IEnumerable<object>>
            {
                ["equity"] = EquityPoint.Of(outcome, prepared.Value.Request.InitialCapital),
                ["trades"] = outcome.Trades.Select(TradePart.Of),
                ["skippedBars"] = outcome.SkippedBars.Select(SkippedPart.Of),
                ["monthlyReturns"] = outcome.MonthlyReturns.Select(MonthPart.Of),
            },
            new JsonObject { ["rejectedEntries"] = outcome.RejectedEntries },
            Metrics.ToJson(outcome.Metrics),
            prepared.Value.Reproducibility
        );
    }

    private async Task<Result<BacktestResult>> PredictAsync(RunInHand run, RunTerms terms, JsonElement json)
    {
        var configuration = PredictionConfiguration.Read(json, out var errors);
        if (configuration is null)
        {
            return ConfigurationFaults.ToError(errors);
        }

        var warmUp = FeatureTable.WarmUpBars(configuration);
        var series = await bars.LoadAsync(
            terms.Assets,
            terms.Currency,
            terms.Interval,
            terms.StartDate,
            terms.EndDate,
            warmUp,
            run.Unwanted
        );
        run.Progress = TradeSetup.Read;
        var evaluation = WalkForward.Evaluate(
            series,
            configuration,
            terms.StartDate.ToUnixTimeMilliseconds(),
            done => run.Progress = TradeSetup.Read + ((1 - TradeSetup.Read) * done),
            run.Unwanted
        );
        if (!evaluation.IsSuccess)
        {
            return evaluation.Error;
        }

        return new BacktestResult(
            new Dictionary<string, IEnumerable<object>>
            {
                ["forecasts"] = evaluation.Value.Forecasts,
                ["calibration"] = evaluation.Value.Calibration,
                ["skippedBars"] = [],
            },
            [],
            evaluation.Value.Metrics,
            new Reproducibility
            {
                ConfigurationHash = configuration.ComputeHash(),
                DataHash = DataHash.Of(series),
                EngineVersion = WalkForward.Version,
                TermsHash = terms.ComputeHash(),
                Seed = configuration.Seed,
                WarmUpBars = warmUp,
            }
        )
        {
            Trained = evaluation.Value.Trained,
        };
    }
}
