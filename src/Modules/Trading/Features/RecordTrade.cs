using AutoMapper;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Enters a trade into the ledger; the position follows in the same transaction.</summary>
internal sealed record RecordTrade(TradeInput Body) : ICommand<TradeDto>, IHasBody<TradeInput>;

internal sealed class RecordTradeValidator : AbstractValidator<RecordTrade>
{
    public RecordTradeValidator(IValidator<TradeInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class RecordTradeHandler(TradeRecorder recorder, IMapper mapper)
    : IRequestHandler<RecordTrade, Result<TradeDto>>
{
    public async Task<Result<TradeDto>> Handle(RecordTrade request, CancellationToken cancellationToken)
    {
        var recorded = await recorder.RecordAsync([request.Body], (_, field) => field, cancellationToken);
        return recorded.IsSuccess ? mapper.Map<TradeDto>(recorded.Value[0]) : recorded.Error;
    }
}

internal static class RecordTradeEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapPost(
                "/",
                async (TradeInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new RecordTrade(body), ct)).ToCreated(trade => $"/api/v1/trades/{trade.Id}")
            )
            .WithName(nameof(RecordTrade))
            .WithSummary("Record a trade")
            .RequireScope(Scopes.TradesWrite)
            .HonoursIdempotencyKey()
            .Produces<TradeDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
