using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain.Lots;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>A calendar year in a time zone, as a tax return asks for it.</summary>
internal sealed record ReportTaxYear(int? Year, string? Method, string? TimeZone, Guid? PortfolioId, string? Currency)
    : IQuery<TaxReport>;

internal sealed record TaxReport : LotAnswer
{
    public required int Year { get; init; }

    public required string TimeZone { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public decimal? TotalProceeds { get; init; }

    public decimal? TotalCost { get; init; }

    public decimal? TotalGain { get; init; }

    public decimal? ShortTermGain { get; init; }

    public decimal? LongTermGain { get; init; }

    public decimal? GainWithoutTerm { get; init; }

    /// <summary>What was earned, at the market's value then.</summary>
    public decimal? Income { get; init; }

    /// <summary>Paid in money or another coin, and to networks.</summary>
    public decimal? Fees { get; init; }

    /// <summary>At the year's end, or now where it has not ended.</summary>
    public required IReadOnlyList<TaxHolding> Holdings { get; init; }
}

internal sealed record TaxHolding
{
    public required string CoinId { get; init; }

    public required decimal Quantity { get; init; }

    public decimal? Cost { get; init; }

    public decimal? Price { get; init; }

    public decimal? Value { get; init; }
}

internal sealed class ReportTaxYearValidator : AbstractValidator<ReportTaxYear>
{
    public ReportTaxYearValidator(TimeProvider clock)
    {
        RuleFor(q => q.Year).Required();
        RuleFor(q => q.Year)
            .Must(year => year is null || (year >= 1970 && year <= clock.GetUtcNow().AddDays(1).Year))
            .WithMessage("must be a year from 1970 to this one");
        RuleFor(q => q.Method).OneOf<ReportTaxYear, CostBasisMethod>();
        RuleFor(q => q.TimeZone)
            .Must(zone => zone is null || TaxYear.ZoneOf(zone) is not null)
            .WithMessage("must be an IANA time zone such as Europe/Berlin");
        RuleFor(q => q.Currency).Currency();
    }
}

internal sealed class ReportTaxYearHandler(LotAccounts accounts, TimeProvider clock)
    : IRequestHandler<ReportTaxYear, Result<TaxReport>>
{
    public async Task<Result<TaxReport>> Handle(ReportTaxYear request, CancellationToken cancellationToken)
    {
        var found = await accounts.FindAsync(request.PortfolioId, request.Currency, request.Method, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var (scope, now) = (found.Value, clock.UtcNow());
        var year = TaxYear.Of(request.Year!.Value, TaxYear.ZoneOf(request.TimeZone ?? "UTC")!);
        var book = scope.NewBook();
        var tally = new TaxTally(year, scope.Includes);
        await foreach (var entry in accounts.EntriesAsync(scope, coinId: null, now, cancellationToken))
        {
            if (entry.At >= year.To)
            {
                tally.CloseYear(book);
            }

            tally.Add(entry);
            tally.Add(book.Play(entry));
        }

        tally.Add(book.Close());
        tally.CloseYear(book);
        var end = year.To < now ? year.To : now;
        var prices = await accounts.PricesAsync(scope, [.. tally.Holdings.Keys], end, cancellationToken);
        foreach (var (coinId, held) in tally.Holdings.Where(held => prices.GetValueOrDefault(held.Key) is null))
        {
            tally.Gaps.Add(new Gap(null, coinId, held.Quantity, GapKind.Price));
        }

        return new TaxReport
        {
            Basis = new LotBasis(scope, tally.Gaps),
            Year = request.Year.Value,
            TimeZone = request.TimeZone ?? "UTC",
            From = year.From,
            To = year.To,
            TotalProceeds = tally.Gains.Proceeds,
            TotalCost = tally.Gains.Cost,
            TotalGain = tally.Gains.Gain,
            ShortTermGain = tally.Gains.ShortTerm,
            LongTermGain = tally.Gains.LongTerm,
            GainWithoutTerm = tally.Gains.WithoutTerm,
            Income = tally.Income,
            Fees = tally.Fees,
            Holdings =
            [
                .. tally.Holdings.Select(held => ToHolding(held.Key, held.Value, prices.GetValueOrDefault(held.Key))),
            ],
        };
    }

    private static TaxHolding ToHolding(string coinId, (decimal Quantity, decimal? Cost) held, decimal? price) =>
        new()
        {
            CoinId = coinId,
            Quantity = held.Quantity,
            Cost = held.Cost,
            Price = price,
            Value = price is { } known ? Exact.Estimate(held.Quantity, known) : null,
        };
}

internal static class ReportTaxYearEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/tax-report",
                async (
                    int? year,
                    string? method,
                    string? timeZone,
                    Guid? portfolioId,
                    string? currency,
                    HttpRequest request,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                {
                    var report = await mediator.Send(
                        new ReportTaxYear(year, method, timeZone, portfolioId, currency),
                        ct
                    );
                    return CsvAnswer.IsWanted(request) ? report.To(found => new TaxReportCsv(found)) : report.ToOk();
                }
            )
            .WithName(nameof(ReportTaxYear))
            .WithSummary("Report a tax year: gains by term, income, fees, holdings at its end")
            .WithDescription(
                "The year is the calendar's in `timeZone` (UTC unless given). `Accept: text/csv` gives the same as CSV."
            )
            .RequireScope(Scopes.Read)
            .Produces<TaxReport>(StatusCodes.Status200OK, "application/json", TradeColumns.MediaType)
            .ProducesProblem(StatusCodes.Status404NotFound);
}
