namespace CryptoBeacon.Models.Domain;

internal static class ModelErrors
{
    /// <summary>Of one user, waiting or running.</summary>
    public const int MaxRuns = 10;

    public static readonly Error NotFound = Error.NotFound("model");

    public static readonly Error BacktestNotFound = Error.NotFound("back-test");

    public static readonly Error SweepNotFound = Error.NotFound("sweep");

    public static readonly Error Inactive = Error.Conflict(
        "inactive",
        "The model is inactive; set isActive to true to run it."
    );

    public static readonly Error TooManyRuns = new(
        ErrorKind.TooManyRequests,
        "too_many_runs",
        $"At most {MaxRuns} back-tests and sweeps of a user wait or run at a time."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    public static readonly Error NotSucceeded = Error.Conflict(
        "not_succeeded",
        "The back-test has no results: it has not succeeded."
    );

    public static readonly Error NotForTrading = Error.Conflict(
        "not_a_trading_model",
        "A sweep runs a trading model; this one forecasts."
    );

    public static readonly Error NotForPrediction = Error.Conflict(
        "not_a_prediction_model",
        "Only a prediction model forecasts; this one trades."
    );

    public static readonly Error NotTrained = Error.Conflict(
        "not_trained",
        "The model has not been trained on this coin yet: a back-test of it trains it."
    );

    public static readonly Error NoForecastModel = Error.Invalid(
        "configuration.forecastModel",
        "is no prediction model of yours"
    );

    public static readonly Error TooFewCandles = Error.Conflict(
        "too_few_candles",
        "The newest candles are too few for what the model looks at."
    );
}
