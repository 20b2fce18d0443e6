using AutoMapper;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Enters several trades, all or none, so that no half of a swap stays.</summary>
internal sealed record RecordTrades(TradeBatch Body) : ICommand<RecordedTrades>, IHasBody<TradeBatch>;

internal sealed record TradeBatch(IReadOnlyList<TradeInput>? Trades);

internal sealed record RecordedTrades(IReadOnlyList<TradeDto> Items);

internal sealed class RecordTradesValidator : AbstractValidator<RecordTrades>
{
    public const int MaxTrades = 1000;

    public RecordTradesValidator(IValidator<TradeInput> input)
    {
        RuleFor(c => c.Body.Trades).Required().Entries(1, MaxTrades, "trades");
        RuleForEach(c => c.Body.Trades)
            .NotNull()
            .WithMessage("must be a trade")
            .SetValidator(input)
            .When(c => c.Body.Trades?.Count <= MaxTrades);
    }
}

internal sealed class RecordTradesHandler(TradeRecorder recorder, IMapper mapper)
    : IRequestHandler<RecordTrades, Result<RecordedTrades>>
{
    public async Task<Result<RecordedTrades>> Handle(RecordTrades request, CancellationToken cancellationToken)
    {
        var recorded = await recorder.RecordAsync(
            request.Body.Trades!,
            (index, field) => $"trades[{index}].{field}",
            cancellationToken
        );
        return recorded.IsSuccess
            ? new RecordedTrades(mapper.Map<IReadOnlyList<TradeDto>>(recorded.Value))
            : recorded.Error;
    }
}

internal static class RecordTradesEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapPost(
                "/batch",
                async (TradeBatch body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new RecordTrades(body), ct)).ToCreated(_ => "/api/v1/trades")
            )
            .WithName(nameof(RecordTrades))
            .WithSummary("Record up to 1,000 trades, all or none")
            .RequireScope(Scopes.TradesWrite)
            .HonoursIdempotencyKey()
            .Produces<RecordedTrades>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
