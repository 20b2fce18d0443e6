using System.Globalization;
using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>The money-weighted return of flows that are given, for spreadsheets and bots.</summary>
internal sealed record CalculateCashFlows(CashFlows Body) : IQuery<CashFlowAnswer>, IHasBody<CashFlows>;

/// <param name="Flows">In any order. At least one paid in (negative) and one got back (positive), on two days.</param>
internal sealed record CashFlows(IReadOnlyList<CashFlowInput>? Flows);

/// <param name="Date">A day such as 2026-01-31, or a time, of which the day in UTC counts.</param>
/// <param name="Amount">Paid in is negative, got back positive.</param>
internal sealed record CashFlowInput(string? Date, decimal? Amount);

/// <param name="Xirr">A ratio a year of 365 days; null when there is none, with the reason.</param>
internal sealed record CashFlowAnswer(decimal? Xirr, IReadOnlyList<Reason> Reasons);

internal sealed class CalculateCashFlowsValidator : AbstractValidator<CalculateCashFlows>
{
    public const int MaxFlows = 100_000;

    public CalculateCashFlowsValidator()
    {
        RuleFor(q => q.Body.Flows).Required();
        RuleFor(q => q.Body.Flows)
            .Must(flows => flows is null or { Count: <= MaxFlows })
            .WithMessage($"must have at most {MaxFlows} flows");
        RuleForEach(q => q.Body.Flows)
            .NotNull()
            .WithMessage("must be a flow")
            .ChildRules(flow =>
            {
                flow.RuleFor(f => f.Date).Required();
                flow.RuleFor(f => f.Date)
                    .Must(date => date is null || FlowDate.TryParse(date, out _))
                    .WithMessage("must be a day such as 2026-01-31 or an RFC 3339 time");
                flow.RuleFor(f => f.Amount).Required();
            })
            .When(q => q.Body.Flows?.Count <= MaxFlows);
    }
}

internal sealed class CalculateCashFlowsHandler : IRequestHandler<CalculateCashFlows, Result<CashFlowAnswer>>
{
    public Task<Result<CashFlowAnswer>> Handle(CalculateCashFlows request, CancellationToken cancellationToken)
    {
        var (rate, why) = Xirr.Of(request.Body.Flows!.Select(FlowDate.ToCashFlow));
        var xirr = Significant.Of(rate);
        IReadOnlyList<Reason> reasons = xirr is null ? [new("xirr", why ?? Unsaid.TooLarge)] : [];
        return Task.FromResult<Result<CashFlowAnswer>>(new CashFlowAnswer(xirr, reasons));
    }
}

internal static class FlowDate
{
    public static CashFlow ToCashFlow(CashFlowInput flow) =>
        new(TryParse(flow.Date, out var date) ? date : default, (double)flow.Amount!.Value);

    public static bool TryParse(string? text, out DateOnly date)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
        {
            return true;
        }

        var isTime = UtcTime.TryParse(text, out var time);
        date = DateOnly.FromDateTime(time.UtcDateTime);
        return isTime;
    }
}

internal static class CalculateCashFlowsEndpoint
{
    public static void Map(IEndpointRouteBuilder calculations) =>
        calculations
            .MapPost(
                "/cash-flows",
                async (CashFlows body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CalculateCashFlows(body), ct)).ToOk()
            )
            .WithName(nameof(CalculateCashFlows))
            .WithSummary("The money-weighted return (XIRR) of cash flows")
            .RequireScope(Scopes.Read)
            .Produces<CashFlowAnswer>();
}
