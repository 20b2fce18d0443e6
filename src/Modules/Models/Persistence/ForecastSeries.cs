using System.Text.Json;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Prediction;

namespace CryptoBeacon.Models.Persistence;

/// <summary>What a prediction model of the user's says at each bar, for strategies whose configuration names one.</summary>
internal sealed class ForecastSeries(IReadDatabase database)
{
    /// <returns>Null: the configuration names none.</returns>
    public async Task<Result<PredictionConfiguration>?> FindAsync(
        JsonElement configuration,
        CancellationToken cancellationToken
    )
    {
        if (
            !configuration.TryGetProperty(Domain.Strategies.Rules.ForecastModel.Name, out var named)
            || !named.TryGetGuid(out var id)
        )
        {
            return null;
        }

        var found = await database.QuerySingleOrDefaultAsync<string>(
            "select configuration::text from models.trading_models where id = @id and type = 'prediction'",
            new { id },
            cancellationToken
        );
        using var json = JsonDocument.Parse(found ?? "{}");
        return found is not null && PredictionConfiguration.Read(json.RootElement, out _) is { } prediction
            ? prediction
            : ModelErrors.NoForecastModel;
    }

    /// <summary>How many candles before the first bar forecasts from there on want.</summary>
    public static int WarmUpBars(PredictionConfiguration prediction) =>
        FeatureTable.WarmUpBars(prediction) + prediction.MinimumBars;

    public static IReadOnlyList<CandleSeries> Add(
        PredictionConfiguration prediction,
        IReadOnlyList<CandleSeries> series,
        CancellationToken cancellationToken
    ) =>
        [
            .. series.Select(candles =>
                candles with
                {
                    Forecast = WalkForward.Series(candles, prediction, cancellationToken),
                }
            ),
        ];

    /// <summary>Of a configuration and of how it is put to use.</summary>
    public static string Hash(PredictionConfiguration prediction) =>
        Reproducibility.Sha256($"{prediction.ComputeHash()} {WalkForward.Version}");
}
