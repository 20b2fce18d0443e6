using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Alerts.Features;

/// <summary>When an alert would have fired on the stored candles, in one pass over them; nothing is armed.</summary>
internal sealed record TryAlert(DryRunInput Body) : IQuery<DryRunDto>, IHasBody<DryRunInput>;

/// <summary>An alert, and the time to try it on: the candles that open in [from, to).</summary>
internal sealed record DryRunInput : AlertInput
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }
}

/// <param name="Count">How often it would have fired.</param>
/// <param name="Firings">The first of them, up to 10,000. A time is that of the candle's opening.</param>
/// <param name="Candles">On how many candles it was tried: none says nothing about the alert.</param>
internal sealed record DryRunDto(int Count, IReadOnlyList<DryRunFiring> Firings, int Candles);

internal sealed record DryRunFiring(DateTimeOffset Time, decimal Price);

internal sealed class TryAlertValidator : AbstractValidator<TryAlert>
{
    public TryAlertValidator(IValidator<AlertInput> alert, TimeProvider clock)
    {
        RuleFor(query => query.Body).SetValidator(new DryRunInputValidator(alert, clock));
    }
}

internal sealed class DryRunInputValidator : AbstractValidator<DryRunInput>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(10 * 366);

    public DryRunInputValidator(IValidator<AlertInput> alert, TimeProvider clock)
    {
        Include(alert);
        RuleFor(input => input.From).Required().NotInTheFuture(clock);
        RuleFor(input => input.To)
            .Required()
            .Must((input, to) => to is null || input.From is null || to > input.From)
            .WithMessage("must lie after from")
            .Must((input, to) => to is null || input.From is null || to - input.From <= Longest)
            .WithMessage("must lie within ten years after from");
    }
}

internal sealed class TryAlertHandler(IReadDatabase database, ICandleArchive archive)
    : IRequestHandler<TryAlert, Result<DryRunDto>>
{
    private const int MaxFirings = 10_000;

    public async Task<Result<DryRunDto>> Handle(TryAlert request, CancellationToken cancellationToken)
    {
        var terms = request.Body.ToTerms();
        var (from, to) = (request.Body.From!.Value, request.Body.To!.Value);
        var watch = new AlertWatch(terms, await IsMetBeforeAsync(terms, from, cancellationToken));
        var run = new DryRun(watch, from.UtcDateTime);
        var candles = archive.ReadAsync(
            terms.CoinId,
            terms.Currency,
            from - TimeSpan.FromSeconds(terms.WindowSeconds ?? 0),
            to,
            cancellationToken
        );
        await foreach (var candle in candles)
        {
            run.Take(candle);
        }

        return new DryRunDto(run.Count, run.Firings, run.Candles);
    }

    /// <summary>As when an alert is armed: an edge counts the price that is known then.</summary>
    private async Task<bool?> IsMetBeforeAsync(
        AlertTerms terms,
        DateTimeOffset from,
        CancellationToken cancellationToken
    )
    {
        if (!terms.Condition.IsEdge())
        {
            return null;
        }

        var known = await database.QuerySingleOrDefaultAsync<decimal?>(
            "select price from api_integration.rate_at(@CoinId, @Currency, @before)",
            // The candle that opens at from has not been seen yet.
            new
            {
                terms.CoinId,
                terms.Currency,
                before = from.AddMicroseconds(-1),
            },
            cancellationToken
        );
        return known is null ? null
            : terms.Condition == AlertCondition.CrossesAbove ? known >= terms.Price
            : known <= terms.Price;
    }

    private sealed class DryRun(AlertWatch watch, DateTime from)
    {
        private readonly List<DryRunFiring> _firings = [];

        public int Candles { get; private set; }

        public int Count { get; private set; }

        public IReadOnlyList<DryRunFiring> Firings => _firings;

        public void Take(in StoredCandle candle)
        {
            if (candle.Time < from)
            {
                watch.Remember(candle.Time, candle.Low);
                watch.Remember(candle.Time, candle.High);
                return;
            }

            Candles++;
            var (first, second, third, last) = PricePath.Of(candle.Open, candle.High, candle.Low, candle.Close);
            See(candle.Time, first);
            See(candle.Time, second);
            See(candle.Time, third);
            See(candle.Time, last);
        }

        private void See(DateTime time, decimal price)
        {
            if (!watch.See(time, price))
            {
                return;
            }

            Count++;
            if (_firings.Count < MaxFirings)
            {
                _firings.Add(new DryRunFiring(time, price));
            }
        }
    }
}

internal static class TryAlertEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapPost(
                "/dry-run",
                async (DryRunInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new TryAlert(body), ct)).ToOk()
            )
            .WithName(nameof(TryAlert))
            .WithSummary("When an alert would have fired on the stored candles")
            .RequireScope(Scopes.Read)
            .Produces<DryRunDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
