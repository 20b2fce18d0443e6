using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.Models.Features;

/// <summary>Indicators over candles that are given, for spreadsheets and bots.</summary>
internal sealed record CalculateIndicators(IndicatorsInput Body) : IQuery<IndicatorsAnswer>, IHasBody<IndicatorsInput>;

/// <param name="Candles">By ascending time.</param>
/// <param name="Indicators">Such as <c>sma(20)</c>, <c>macd(12,26,9)</c> or <c>macd(12,26,9).signal</c>; arguments left out take their defaults.</param>
internal sealed record IndicatorsInput(IReadOnlyList<CandleInput?>? Candles, IReadOnlyList<string?>? Indicators);

/// <param name="Time">When it opens.</param>
internal sealed record CandleInput(
    DateTimeOffset? Time,
    decimal? Open,
    decimal? High,
    decimal? Low,
    decimal? Close,
    decimal? Volume
);

/// <param name="Time">Of each candle.</param>
/// <param name="Series">By the indicator as it was asked for: a value for each candle, null while it warms up; an object of lines where it has several.</param>
internal sealed record IndicatorsAnswer(IReadOnlyList<DateTimeOffset> Time, IReadOnlyDictionary<string, object> Series);

internal sealed class CalculateIndicatorsValidator : AbstractValidator<CalculateIndicators>
{
    public const int MaxCandles = 100_000;
    public const int MaxIndicators = 50;
    private const int MaxErrors = 20;

    public CalculateIndicatorsValidator()
    {
        RuleFor(q => q.Body.Candles).Required();
        RuleFor(q => q.Body.Candles).Entries(0, MaxCandles, "candles");
        RuleFor(q => q.Body.Candles).Custom(CheckCandles).When(q => q.Body.Candles?.Count <= MaxCandles);
        RuleFor(q => q.Body.Indicators).Required();
        RuleFor(q => q.Body.Indicators).Entries(1, MaxIndicators, "indicators");
        RuleForEach(q => q.Body.Indicators)
            .Custom(
                (text, context) =>
                {
                    if (IndicatorLine.Read(text, out var error) is null)
                    {
                        context.AddFailure(error);
                    }
                }
            )
            .When(q => q.Body.Indicators?.Count <= MaxIndicators);
    }

    /// <summary>In one loop, since there are many of them; a file that is wrong throughout need not be told so a hundred thousand times.</summary>
    private static void CheckCandles(
        IReadOnlyList<CandleInput?>? candles,
        ValidationContext<CalculateIndicators> context
    )
    {
        var errors = 0;
        for (var i = 0; i < candles!.Count && errors < MaxErrors; i++)
        {
            foreach (var (field, message) in Faults(candles[i], i == 0 ? null : candles[i - 1]?.Time))
            {
                context.AddFailure(new ValidationFailure($"Body.Candles[{i}]{field}", message));
                errors++;
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> Faults(CandleInput? candle, DateTimeOffset? before)
    {
        if (candle is null)
        {
            yield return ("", "must be a candle");
            yield break;
        }

        if (candle.Time is null)
        {
            yield return (".Time", "is required");
        }
        else if (candle.Time <= before)
        {
            yield return (".Time", "must be later than the candle before");
        }

        foreach (
            var (field, value) in new[]
            {
                (".Open", candle.Open),
                (".High", candle.High),
                (".Low", candle.Low),
                (".Close", candle.Close),
                (".Volume", candle.Volume),
            }
        )
        {
            if (value is null)
            {
                yield return (field, "is required");
            }
            else if (value < 0)
            {
                yield return (field, "must not be negative");
            }
        }

        if (candle.High < Math.Max(candle.Open ?? 0, candle.Close ?? 0))
        {
            yield return (".High", "must not be less than open or close");
        }

        if (candle.Low > Math.Min(candle.Open ?? decimal.MaxValue, candle.Close ?? decimal.MaxValue))
        {
            yield return (".Low", "must not be more than open or close");
        }
    }
}

internal sealed class CalculateIndicatorsHandler : IRequestHandler<CalculateIndicators, Result<IndicatorsAnswer>>
{
    public Task<Result<IndicatorsAnswer>> Handle(CalculateIndicators request, CancellationToken cancellationToken)
    {
        var input = request.Body.Candles!;
        var candles = new CandleSeries(
            "",
            [.. input.Select(candle => candle!.Time!.Value.ToUnixTimeMilliseconds())],
            Column(candle => candle.Open),
            Column(candle => candle.High),
            Column(candle => candle.Low),
            Column(candle => candle.Close),
            Column(candle => candle.Volume)
        );
        var series = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var text in request.Body.Indicators!.Distinct())
        {
            series[text!] = Series(text!, candles, cancellationToken);
        }

        return Task.FromResult<Result<IndicatorsAnswer>>(
            new IndicatorsAnswer([.. input.Select(candle => candle!.Time!.Value)], series)
        );

        double[] Column(Func<CandleInput, decimal?> of) => [.. input.Select(candle => (double)of(candle!)!.Value)];
    }

    private static object Series(string text, CandleSeries candles, CancellationToken cancellationToken)
    {
        var line = IndicatorLine.Read(text, out _)!;
        var (names, lines) = (line.Call.Indicator.Lines, line.Call.Over(candles, cancellationToken: cancellationToken));
        return names.Count == 1 || IndicatorLine.IsNamed(text)
            ? Values(lines[line.Index])
            : names.Zip(lines).ToDictionary(pair => pair.First, pair => Values(pair.Second));
    }

    private static decimal?[] Values(double[] line) =>
        [.. line.Select(value => double.IsFinite(value) ? Exact.Estimate(value) : null)];
}

internal static class CalculateIndicatorsEndpoint
{
    // Room for so many candles with all their digits.
    private const int MaxBody = 32 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder calculations) =>
        calculations
            .MapPost(
                "/indicators",
                async (IndicatorsInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CalculateIndicators(body), ct)).ToOk()
            )
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .WithName(nameof(CalculateIndicators))
            .WithSummary("Indicators over candles: moving averages, oscillators, bands, trends")
            .RequireScope(Scopes.Read)
            .Produces<IndicatorsAnswer>();
}
