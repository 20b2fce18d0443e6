using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Features;

/// <summary>Reads one trade.</summary>
internal sealed record GetTrade(Guid Id) : IQuery<TradeDto>;

internal sealed class GetTradeHandler(IReadDatabase database) : IRequestHandler<GetTrade, Result<TradeDto>>
{
    private const string Sql = $"select {TradeDto.Columns}, xmin as version from trading.trades where id = @id";

    public async Task<Result<TradeDto>> Handle(GetTrade request, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<TradeDto>(Sql, new { id = request.Id }, cancellationToken) is { } trade
            ? trade
            : TradeErrors.NoTrade;
}

internal static class GetTradeEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetTrade(id), ct)).ToOk()
            )
            .WithName(nameof(GetTrade))
            .WithSummary("Read a trade")
            .RequireScope(Scopes.Read)
            .Produces<TradeDto>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
