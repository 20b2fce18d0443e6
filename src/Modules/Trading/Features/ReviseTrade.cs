using AutoMapper;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CryptoBeacon.Trading.Features;

/// <summary>Amends a trade: the positions after it are as if it had always been so, and its history keeps what it was.</summary>
internal sealed record ReviseTrade(Guid Id, MergePatch Patch, IfMatch IfMatch) : ICommand<TradeDto>;

internal sealed class ReviseTradeHandler(
    TradesUnderLock locked,
    IRepository<Trade> trades,
    PositionKeeper keeper,
    TradeHistory history,
    FeeCoins feeCoins,
    Appraiser appraiser,
    LinkedTrades linked,
    IValidator<TradeInput> validator,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<ReviseTrade, Result<TradeDto>>
{
    public async Task<Result<TradeDto>> Handle(ReviseTrade request, CancellationToken cancellationToken)
    {
        var feeCoin = await feeCoins.OfAsync(request.Patch.Text("feeCurrency"), cancellationToken);
        var found = await locked.LoadAsync(
            request.Id,
            [request.Patch.Text("coinId"), feeCoin],
            request.Patch.Text("linkId"),
            request.IfMatch,
            cancellationToken
        );
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var (trade, portfolio) = found.Value;
        var terms = await ReviseAsync(trade, portfolio.Currency, request.Patch, cancellationToken);
        if (!terms.IsSuccess)
        {
            return terms.Error;
        }

        if (IsSame(terms.Value, trade.ToTerms()))
        {
            return mapper.Map<TradeDto>(trade);
        }

        var follower = await FollowerAsync(trade, terms.Value, cancellationToken);
        Trade[] changed = follower is null ? [trade] : [trade, follower];
        var before = changed.SelectMany(leg => leg.Movements).ToArray();
        await history.KeepFirstAsync(changed.Select(leg => leg.Id), cancellationToken);
        trade.Amend(terms.Value);
        follower?.Amend(Swap.Follow(follower.ToTerms(), terms.Value));
        try
        {
            await trades.UpdateAsync(trade, cancellationToken);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { ConstraintName: TradeConfiguration.ExternalIdentity })
        {
            return TradeErrors.Duplicate;
        }

        await history.KeepAsync(TradeChange.Amended, changed.Select(leg => leg.Id), cancellationToken);
        var settled = await keeper.SettleAsync(
            [(portfolio, new LedgerChange(before, [.. changed.SelectMany(leg => leg.Movements)]))],
            cancellationToken
        );
        return settled.IsSuccess ? mapper.Map<TradeDto>(trade) : settled.Error;
    }

    /// <summary>What changes nothing is no version.</summary>
    private static bool IsSame(TradeTerms revised, TradeTerms stored) =>
        revised with { Tags = stored.Tags } == stored && revised.Tags.SequenceEqual(stored.Tags);

    /// <summary>The other leg of a swap, where it is worth only what this one is.</summary>
    private async Task<Trade?> FollowerAsync(Trade trade, TradeTerms revised, CancellationToken cancellationToken)
    {
        if (!Swap.IsLeg(revised) || revised.LinkId != trade.LinkId || revised.Worth == trade.ToTerms().Worth)
        {
            return null;
        }

        var legs = await linked.FindAsync(trade.PortfolioId, [trade.LinkId], cancellationToken);
        return legs.SingleOrDefault(leg => leg.Id != trade.Id && leg.PriceBasis == PriceBasis.Derived);
    }

    // What the worth of income, or of a leg of a swap, is worked out from, and what a link depends on.
    private static readonly string[] Appraised = ["type", "coinId", "quantity", "currency", "timestamp", "linkId"];

    private async Task<Result<TradeTerms>> ReviseAsync(
        Trade trade,
        string currency,
        MergePatch patch,
        CancellationToken cancellationToken
    )
    {
        var merged = patch.ApplyTo(trade.ToInput());
        if (!merged.IsSuccess)
        {
            return merged.Error;
        }

        var input = WithoutDerived(trade, merged.Value, patch);
        var result = await validator.ValidateAsync(input, cancellationToken);
        if (!result.IsValid)
        {
            return result.ToError();
        }

        if (input.PortfolioId != trade.PortfolioId)
        {
            return Error.Invalid(
                "portfolioId",
                "can't be changed; record the trade in the other portfolio and delete it here"
            );
        }

        if (input.Timestamp is null)
        {
            return Error.Invalid("timestamp", "is required");
        }

        var coins = await feeCoins.OfAsync([input.FeeCurrency], cancellationToken);
        var settled = TradeTerms.Settle(input, currency, coins, clock.UtcNow());
        if (!settled.IsSuccess)
        {
            return settled;
        }

        if (!Appraised.Concat(["price", "totalValue"]).Any(patch.Touches))
        {
            return settled.Value with { Worth = trade.ToTerms().Worth };
        }

        var legs = await linked.FindAsync([input.LinkId], except: trade.Id, cancellationToken);
        return new Links(legs.Append(settled.Value)).ObjectionTo(settled.Value) is { } objection
            ? objection
            : (await appraiser.AppraiseAsync([settled.Value], legs, cancellationToken))[0];
    }

    /// <summary>
    /// Of price and total value the one that the patch leaves alone follows from the other, once either or the quantity changes; what was worked
    /// out when the trade was recorded is so again, once that from which it was changes.
    /// </summary>
    private static TradeInput WithoutDerived(Trade trade, TradeInput merged, MergePatch patch) =>
        (patch.Touches("price"), patch.Touches("totalValue"), patch.Touches("quantity")) switch
        {
            (false, false, _) when trade.PriceBasis == PriceBasis.Derived && Appraised.Any(patch.Touches) => merged with
            {
                Price = null,
                TotalValue = null,
            },
            (true, true, _) or (false, false, false) => merged,
            (false, true, _) => merged with { Price = null },
            _ => merged with { TotalValue = null },
        };
}

internal static class ReviseTradeEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<TradeInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseTrade(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ReviseTrade))
            .WithSummary("Amend a trade")
            .RequireScope(Scopes.TradesWrite)
            .Produces<TradeDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
