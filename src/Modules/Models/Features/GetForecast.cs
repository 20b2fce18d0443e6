using System.Text.Json;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Prediction;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>What a prediction model says of the next bar, by what it was last trained on.</summary>
internal sealed record GetForecast(Guid ModelId, string? CoinId, string? Currency, string? Interval)
    : IQuery<ForecastDto>;

/// <summary>Made of the newest stored bar that has closed, however long ago: its times tell.</summary>
internal sealed record ForecastDto
{
    public required Guid ModelId { get; init; }

    public required string CoinId { get; init; }

    public required string Currency { get; init; }

    public required string Interval { get; init; }

    /// <summary>direction or return: what <see cref="Forecast"/> is.</summary>
    public required string Target { get; init; }

    /// <summary>The probability that the bar closes higher than the one before it, or its return as a ratio.</summary>
    public required decimal? Forecast { get; init; }

    /// <summary>up or down.</summary>
    public required string Direction { get; init; }

    /// <summary>The opening time of the bar that is forecast.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The opening time of the newest bar that it was made of, and its close.</summary>
    public required DateTimeOffset BasedOn { get; init; }

    public required decimal? LastClose { get; init; }

    public required DateTimeOffset TrainedAt { get; init; }

    /// <summary>The opening times of the first and the last bar that it has learnt from.</summary>
    public required DateTimeOffset TrainedFrom { get; init; }

    public required DateTimeOffset TrainedTo { get; init; }

    /// <summary>How many bars it has learnt from.</summary>
    public required int TrainedBars { get; init; }

    /// <summary>Of the configuration that it was trained with.</summary>
    public required string ConfigurationHash { get; init; }

    /// <summary>Whether the model's configuration has changed since.</summary>
    public required bool IsOutdated { get; init; }
}

internal sealed class GetForecastValidator : AbstractValidator<GetForecast>
{
    public GetForecastValidator()
    {
        RuleFor(q => q.CoinId).CoinId();
        RuleFor(q => q.Currency).Currency();
        RuleFor(q => q.Interval)
            .Must(name => name is null || CandleInterval.Find(name) is not null)
            .WithMessage(CandleInterval.Rule);
    }
}

internal sealed class GetForecastHandler(IReadDatabase database, Bars bars, TimeProvider clock)
    : IRequestHandler<GetForecast, Result<ForecastDto>>
{
    /// <summary>Indicators forget what came long before; bars may be missing, too.</summary>
    private const int Spare = 200;

    public async Task<Result<ForecastDto>> Handle(GetForecast request, CancellationToken cancellationToken)
    {
        var (type, trained) = await database.QueryMultipleAsync(
            """
            select type from models.trading_models where id = @ModelId;
            select trained.model_id, trained.coin_id, trained.currency, trained.interval, trained.configuration::text as configuration,
                trained.trained_at, trained.trained_from, trained.trained_to, trained.bars, trained.content,
                model.configuration <> trained.configuration as is_outdated
            from models.trained_models trained
            join models.trading_models model on model.id = trained.model_id
            where trained.model_id = @ModelId and (@CoinId::text is null or trained.coin_id = @CoinId)
                and (@Currency::text is null or trained.currency = @Currency) and (@Interval::text is null or trained.interval = @Interval)
            order by trained.trained_at desc, trained.coin_id
            limit 1
            """,
            new
            {
                request.ModelId,
                request.CoinId,
                request.Currency,
                request.Interval,
            },
            async rows =>
                (await rows.ReadSingleOrDefaultAsync<string>(), await rows.ReadSingleOrDefaultAsync<Trained>()),
            cancellationToken
        );
        if (type is null)
        {
            return ModelErrors.NotFound;
        }

        if (WireName.Parse<ModelType>(type) is not ModelType.Prediction)
        {
            return ModelErrors.NotForPrediction;
        }

        return trained is null ? ModelErrors.NotTrained : await ForecastAsync(trained, cancellationToken);
    }

    private async Task<Result<ForecastDto>> ForecastAsync(Trained trained, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(trained.Configuration);
        var configuration = PredictionConfiguration.Read(json.RootElement, out _);
        if (configuration is null)
        {
            return ModelErrors.NotTrained;
        }

        var interval = CandleInterval.Find(trained.Interval)!;
        var now = clock.GetUtcNow();
        var newest = await bars.NewestAsync(
            trained.CoinId,
            trained.Currency,
            interval,
            now - TimeSpan.FromTicks((now - DateTimeOffset.UnixEpoch).Ticks % interval.Length.Ticks),
            cancellationToken
        );
        if (newest is not { } closed)
        {
            return ModelErrors.TooFewCandles;
        }

        var warmUp = FeatureTable.WarmUpBars(configuration) + Spare;
        var series = await bars.LoadAsync(
            [trained.CoinId],
            trained.Currency,
            interval,
            closed,
            closed + interval.Length,
            warmUp,
            cancellationToken
        );
        var table = FeatureTable.Of(series[0], configuration, cancellationToken);
        var last = series[0].Count - 1;
        if (last < 0 || table.At(last) is not { } known)
        {
            return ModelErrors.TooFewCandles;
        }

        var forecast = Forecaster.Load(trained.Content, configuration, table.Width).Forecast([known])[0];
        var basedOn = DateTimeOffset.FromUnixTimeMilliseconds(series[0].OpenTimes[last]);
        return new ForecastDto
        {
            ModelId = trained.ModelId,
            CoinId = trained.CoinId,
            Currency = trained.Currency,
            Interval = trained.Interval,
            Target = WireName.Of(configuration.Target),
            Forecast = Significant.Of(forecast),
            Direction = forecast > (configuration.Target == PredictionTarget.Direction ? 0.5 : 0) ? "up" : "down",
            Time = basedOn + interval.Length,
            BasedOn = basedOn,
            LastClose = Exact.Estimate(series[0].Close[last]),
            TrainedAt = trained.TrainedAt,
            TrainedFrom = trained.TrainedFrom,
            TrainedTo = trained.TrainedTo,
            TrainedBars = trained.Bars,
            ConfigurationHash = configuration.ComputeHash(),
            IsOutdated = trained.IsOutdated,
        };
    }

    private sealed record Trained
    {
        public required Guid ModelId { get; init; }

        public required string CoinId { get; init; }

        public required string Currency { get; init; }

        public required string Interval { get; init; }

        public required string Configuration { get; init; }

        public required DateTimeOffset TrainedAt { get; init; }

        public required DateTimeOffset TrainedFrom { get; init; }

        public required DateTimeOffset TrainedTo { get; init; }

        public required int Bars { get; init; }

        public required byte[] Content { get; init; }

        public required bool IsOutdated { get; init; }
    }
}

internal static class GetForecastEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapGet(
                "/{id:guid}/forecast",
                async (
                    Guid id,
                    string? coinId,
                    string? currency,
                    string? interval,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new GetForecast(id, coinId, currency, interval), ct)).ToOk()
            )
            .WithName(nameof(GetForecast))
            .WithSummary("What a prediction model says of the next bar, with when and on what it was trained")
            .WithDescription(
                "Without a coin, currency or interval: of what it was trained on last. A back-test trains it. The bar that is forecast comes after the "
                    + "newest stored one that has closed, and lies in the past where candles end long ago: see `basedOn` and `time`."
            )
            .RequireScope(Scopes.Read)
            .Produces<ForecastDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
