using System.Text.Json;
using System.Text.Json.Serialization;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>A back-test with its results, which are read while they are sent.</summary>
internal sealed record GetBacktest(Guid Id) : IQuery<BacktestDetails>;

internal sealed record BacktestDetails : BacktestDto
{
    /// <summary>Null until it has succeeded.</summary>
    [JsonPropertyOrder(3)]
    public BacktestResults? Results { get; init; }

    /// <summary>What makes it repeatable. Null until it has succeeded.</summary>
    [JsonPropertyOrder(2)]
    public Reproducibility? Reproducibility { get; init; }
}

internal sealed class GetBacktestHandler(
    IReadDatabase database,
    ResultReader results,
    Bars bars,
    ForecastSeries forecasts
) : IRequestHandler<GetBacktest, Result<BacktestDetails>>
{
    public async Task<Result<BacktestDetails>> Handle(GetBacktest request, CancellationToken cancellationToken)
    {
        var (found, kept) = await database.QueryMultipleAsync(
            $"""
            select {BacktestDto.Columns} from models.model_backtests where id = @Id;
            select kept.*
            from models.model_backtests backtest
            cross join lateral jsonb_to_record(backtest.reproducibility) as kept
                ("configurationHash" text, "dataHash" text, "engineVersion" text, "termsHash" text,
                "forecastModelHash" text, seed integer, "warmUpBars" integer)
            where backtest.id = @Id and backtest.reproducibility is not null
            """,
            new { request.Id },
            async rows =>
                (
                    await rows.ReadSingleOrDefaultAsync<BacktestDetails>(),
                    await rows.ReadSingleOrDefaultAsync<Reproducibility>()
                ),
            cancellationToken
        );
        if (found is null)
        {
            return ModelErrors.BacktestNotFound;
        }

        return kept is null
            ? found
            : found with
            {
                Results = await results.OpenAsync(request.Id, cancellationToken),
                Reproducibility = kept with { DataChanged = await HaveChangedAsync(found, kept, cancellationToken) },
            };
    }

    /// <summary>Whether the candles that it ran over are not those that are stored now, or what forecast for it not what would now.</summary>
    private async Task<bool> HaveChangedAsync(
        BacktestDetails backtest,
        Reproducibility kept,
        CancellationToken cancellationToken
    ) =>
        await ForecastHashAsync(backtest, cancellationToken) != kept.ForecastModelHash
        || DataHash.Of(
            await bars.LoadAsync(
                backtest.Assets,
                backtest.Currency,
                CandleInterval.Find(backtest.Interval)!,
                backtest.StartDate,
                backtest.EndDate,
                kept.WarmUpBars,
                cancellationToken
            )
        ) != kept.DataHash;

    /// <summary>Null where nothing forecasts, or no longer.</summary>
    private async Task<string?> ForecastHashAsync(BacktestDetails backtest, CancellationToken cancellationToken)
    {
        var found = await forecasts.FindAsync(
            JsonSerializer.SerializeToElement(backtest.Configuration),
            cancellationToken
        );
        return found is { IsSuccess: true } known ? ForecastSeries.Hash(known.Value) : null;
    }
}

internal static class GetBacktestEndpoint
{
    public static void Map(RouteGroupBuilder backtests) =>
        backtests
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetBacktest(id), ct)).ToOk()
            )
            .WithName(nameof(GetBacktest))
            .WithSummary("Read a back-test: its status, progress, measures and results")
            .WithDescription(
                "`reproducibility.dataChanged` says whether the candles stored now differ from those it ran over, or the model that forecasts for it does, "
                    + "which makes another run give another result. Runs of one `reproducibility.hash` have one result."
            )
            .RequireScope(Scopes.Read)
            .Produces<BacktestDetails>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
