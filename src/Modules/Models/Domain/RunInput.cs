using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Domain;

/// <summary>Over which candles a model runs, and what trading costs.</summary>
internal record RunInput
{
    public const decimal DefaultInitialCapital = 10_000;
    public const string DefaultInterval = "1d";
    public const int MaxAssets = 20;

    /// <summary>Of all assets together, warm-up left out: they are held in memory.</summary>
    public const int MaxBars = 3_000_000;

    /// <summary>Of all indicators over all bars: they, too, are held in memory.</summary>
    public const int MaxValues = 100_000_000;

    public DateTimeOffset? StartDate { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? EndDate { get; init; }

    /// <summary>Coin ids.</summary>
    public IReadOnlyList<string>? Assets { get; init; }

    /// <summary>What prices are in; USD unless said.</summary>
    public string? Currency { get; init; }

    /// <summary>The length of a bar; 1d unless said.</summary>
    public string? Interval { get; init; }

    /// <summary>10000 unless said.</summary>
    public decimal? InitialCapital { get; init; }

    /// <summary>A ratio of each fill's value, such as 0.001; 0 unless said.</summary>
    public decimal? FeeRate { get; init; }

    /// <summary>By which ratio market and stop fills are worse than the price; 0 unless said.</summary>
    public decimal? SlippageRate { get; init; }

    /// <summary>What money would have earned elsewhere, as a ratio a year: Sharpe and Sortino count what is beyond it. 0 unless said.</summary>
    public decimal? RiskFreeRate { get; init; }

    public string? Notes { get; init; }

    /// <summary>Of validated input.</summary>
    public RunTerms ToTerms() =>
        new(
            StartDate!.Value,
            EndDate!.Value,
            [.. Assets!],
            Currency ?? CryptoBeacon.Domain.Values.Currency.Default,
            CandleInterval.Find(Interval ?? DefaultInterval)!,
            InitialCapital ?? DefaultInitialCapital,
            FeeRate ?? 0,
            SlippageRate ?? 0,
            RiskFreeRate ?? 0,
            Notes
        );
}

/// <summary><see cref="RunInput"/> with everything said.</summary>
internal sealed record RunTerms(
    DateTimeOffset StartDate,
    DateTimeOffset EndDate,
    string[] Assets,
    string Currency,
    CandleInterval Interval,
    decimal InitialCapital,
    decimal FeeRate,
    decimal SlippageRate,
    decimal RiskFreeRate,
    string? Notes
)
{
    public double Bars => (EndDate - StartDate) / Interval.Length * Assets.Length;

    /// <summary>SHA-256, in lower-case hex, of all that a result depends on beside configuration, candles and engine.</summary>
    /// <param name="space">JSON: what a sweep varies.</param>
    public string ComputeHash(string? space = null) =>
        Reproducibility.Sha256(
            CanonicalJson.Of(
                JsonSerializer.SerializeToElement(
                    new
                    {
                        startDate = StartDate.ToUnixTimeMilliseconds(),
                        endDate = EndDate.ToUnixTimeMilliseconds(),
                        assets = Assets,
                        currency = Currency,
                        interval = Interval.Name,
                        initialCapital = InitialCapital,
                        feeRate = FeeRate,
                        slippageRate = SlippageRate,
                        riskFreeRate = RiskFreeRate,
                        space = space is null ? null : JsonNode.Parse(space),
                    }
                )
            )
        );
}

internal sealed class RunInputValidator : AbstractValidator<RunInput>
{
    public RunInputValidator(TimeProvider clock)
    {
        RuleFor(r => r.StartDate).Required().NotInTheFuture(clock);
        RuleFor(r => r.EndDate)
            .Required()
            .NotInTheFuture(clock)
            .Must((r, end) => end is null || r.StartDate is null || end > r.StartDate)
            .WithMessage("must lie after startDate");
        RuleFor(r => r.Assets)
            .Required()
            .Entries(1, RunInput.MaxAssets, "assets")
            .Must(assets => assets is null || assets.Distinct().Count() == assets.Count)
            .WithMessage("must name each asset once");
        RuleForEach(r => r.Assets)
            .NotNull()
            .WithMessage("must be a coin id")
            .CoinId()
            .When(r => r.Assets?.Count <= RunInput.MaxAssets);
        RuleFor(r => r.Currency).Currency();
        RuleFor(r => r.Interval)
            .Limit(
                new Limit { OneOf = [.. CandleInterval.All.Select(interval => interval.Name)] },
                name => name is null || CandleInterval.Find(name) is not null,
                CandleInterval.Rule
            )
            .Must((r, _) => Bars(r) is null or <= RunInput.MaxBars)
            .WithMessage($"gives more than {RunInput.MaxBars} bars; take a longer one, or less time");
        RuleFor(r => r.InitialCapital).Positive();
        RuleFor(r => r.FeeRate).Must(IsRate).WithMessage("must be 0 or greater, and less than 1");
        RuleFor(r => r.SlippageRate).Must(IsRate).WithMessage("must be 0 or greater, and less than 1");
        RuleFor(r => r.RiskFreeRate).Must(IsRate).WithMessage("must be 0 or greater, and less than 1");
        RuleFor(r => r.Notes).Notes();
    }

    private static bool IsRate(decimal? rate) => rate is null or (>= 0 and < 1);

    private static double? Bars(RunInput run) =>
        (run.EndDate - run.StartDate)
        * run.Assets?.Count
        / CandleInterval.Find(run.Interval ?? RunInput.DefaultInterval)?.Length;
}
