using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Strategies;
using CryptoBeacon.Models.Domain.Sweeps;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Jobs;

/// <summary>A strategy with its candles, ready to be played.</summary>
internal sealed record PreparedTrade(BacktestRequest Request, Reproducibility Reproducibility);

/// <summary>Reads a stored run's configuration and the candles that it wants, forecasts included.</summary>
internal sealed class TradeSetup(Bars bars, ForecastSeries forecasts)
{
    /// <summary>Reading candles is so much of the way.</summary>
    public const double Read = 0.1;

    /// <param name="axes">Of a sweep: what they make of the configuration may want more candles to warm up.</param>
    public async Task<Result<PreparedTrade>> PrepareAsync(
        RunInHand run,
        RunRequest request,
        IReadOnlyList<SweepAxis>? axes = null
    )
    {
        using var json = JsonDocument.Parse(request.Configuration);
        var configuration = StrategyConfiguration.Read(json.RootElement, out var errors);
        if (configuration is null)
        {
            return ConfigurationFaults.ToError(errors);
        }

        var forecasting = await forecasts.FindAsync(json.RootElement, run.Unwanted);
        if (forecasting is { IsSuccess: false } missing)
        {
            return missing.Error;
        }

        var prediction = forecasting?.Value;
        var warmUp = new[]
        {
            configuration.WarmUpBars,
            prediction is null ? 0 : ForecastSeries.WarmUpBars(prediction),
            Farthest(request.Configuration, axes ?? []),
        }.Max();
        var terms = request.Terms;
        var series = await bars.LoadAsync(
            terms.Assets,
            terms.Currency,
            terms.Interval,
            terms.StartDate,
            terms.EndDate,
            warmUp,
            run.Unwanted
        );
        run.Progress = Read;
        var dataHash = DataHash.Of(series);
        return new PreparedTrade(
            new BacktestRequest
            {
                Assets = prediction is null ? series : ForecastSeries.Add(prediction, series, run.Unwanted),
                Configuration = configuration,
                Start = terms.StartDate.ToUnixTimeMilliseconds(),
                End = terms.EndDate.ToUnixTimeMilliseconds(),
                Interval = (long)terms.Interval.Length.TotalMilliseconds,
                InitialCapital = (double)terms.InitialCapital,
                FeeRate = (double)terms.FeeRate,
                SlippageRate = (double)terms.SlippageRate,
                RiskFreeRate = (double)terms.RiskFreeRate,
            },
            new Reproducibility
            {
                ConfigurationHash = configuration.Hash,
                DataHash = dataHash,
                EngineVersion = BacktestEngine.Version,
                TermsHash = terms.ComputeHash(request.Space),
                ForecastModelHash = prediction is null ? null : ForecastSeries.Hash(prediction),
                Seed = prediction?.Seed,
                WarmUpBars = warmUp,
            }
        );
    }

    /// <summary>The most that any value of any one axis asks for; of several axes together the longest is what counts.</summary>
    private static int Farthest(string configuration, IReadOnlyList<SweepAxis> axes)
    {
        var json = JsonNode.Parse(configuration)!.AsObject();
        return axes.SelectMany(axis =>
                Enumerable
                    .Range(0, axis.Values.Count)
                    .Select(i => new SweepGrid([axis]).Configure(json, [i], out _)?.WarmUpBars ?? 0)
            )
            .DefaultIfEmpty(0)
            .Max();
    }
}

internal static class ConfigurationFaults
{
    /// <summary>A configuration was checked when it was kept; a newer version may know better.</summary>
    public static Error ToError(IReadOnlyList<ConfigurationError> errors) =>
        Error.Invalid(
            errors
                .GroupBy(error => $"/configuration{error.Pointer}")
                .ToDictionary(field => field.Key, field => field.Select(error => error.Message).ToArray())
        );
}
