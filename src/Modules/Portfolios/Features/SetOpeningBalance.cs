using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Portfolios.Domain;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>Says what was held of a coin before the first trade. Putting back what was read changes nothing.</summary>
internal sealed record SetOpeningBalance(Guid PortfolioId, string CoinId, OpeningBalanceInput Body, IfMatch IfMatch)
    : ICommand<SetOpeningBalance.Outcome>,
        IHasBody<OpeningBalanceInput>
{
    internal sealed record Outcome(AssetDto Asset, bool IsNew);
}

internal sealed record OpeningBalanceInput
{
    public decimal? Quantity { get; init; }

    /// <summary>In the portfolio's currency.</summary>
    public decimal? AvgBuyPrice { get; init; }

    /// <summary>Just before the first trade unless said.</summary>
    public DateTimeOffset? AcquiredAt { get; init; }
}

internal sealed class SetOpeningBalanceValidator : AbstractValidator<SetOpeningBalance>
{
    public SetOpeningBalanceValidator(TimeProvider clock)
    {
        RuleFor(c => c.CoinId).CoinId();
        RuleFor(c => c.Body.Quantity).Required().Positive();
        RuleFor(c => c.Body.AvgBuyPrice).Required().NotNegative();
        RuleFor(c => c.Body.AvgBuyPrice)
            .Must((c, price) => price is not { } p || c.Body.Quantity is not { } q || Exact.Multiply(q, p) is not null)
            .WithMessage("times the quantity does not fit 28 significant digits");
        RuleFor(c => c.Body.AcquiredAt).NotInTheFuture(clock);
    }
}

internal sealed class SetOpeningBalanceHandler(Positions positions, ITradeLedger ledger, IMediator mediator)
    : IRequestHandler<SetOpeningBalance, Result<SetOpeningBalance.Outcome>>
{
    public async Task<Result<SetOpeningBalance.Outcome>> Handle(
        SetOpeningBalance request,
        CancellationToken cancellationToken
    )
    {
        if (await positions.FindPortfolioAsync(request.PortfolioId, cancellationToken) is null)
        {
            return PortfolioErrors.NotFound;
        }

        await positions.LockAsync(request.PortfolioId, [request.CoinId], cancellationToken);
        var before = await mediator.Send(new GetAsset(request.PortfolioId, request.CoinId), cancellationToken);
        if (before.IsSuccess ? !request.IfMatch.Matches(before.Value.Version) : !request.IfMatch.MatchesNothing)
        {
            return Error.PreconditionFailed;
        }

        var balance = request.Body;
        if (before.IsSuccess && IsAlready(before.Value, balance))
        {
            return new SetOpeningBalance.Outcome(before.Value, IsNew: false);
        }

        await positions.SetOpeningBalanceAsync(
            request.PortfolioId,
            new OpeningBalance(request.CoinId, balance.Quantity!.Value, balance.AvgBuyPrice!.Value, balance.AcquiredAt),
            cancellationToken
        );
        var replayed = await ledger.ReplayAsync(request.PortfolioId, request.CoinId, cancellationToken);
        if (!replayed.IsSuccess)
        {
            return replayed.Error;
        }

        var after = await mediator.Send(new GetAsset(request.PortfolioId, request.CoinId), cancellationToken);
        return new SetOpeningBalance.Outcome(after.Value, IsNew: !before.IsSuccess);
    }

    private static bool IsAlready(AssetDto asset, OpeningBalanceInput balance) =>
        asset.OpeningQuantity == balance.Quantity
        && asset.OpeningAvgBuyPrice == balance.AvgBuyPrice
        && asset.AcquiredAt == balance.AcquiredAt;
}

internal static class SetOpeningBalanceEndpoint
{
    public static void Map(RouteGroupBuilder assets) =>
        assets
            .MapPut(
                "/{coinId}",
                async (
                    Guid id,
                    string coinId,
                    OpeningBalanceInput body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                    (await mediator.Send(new SetOpeningBalance(id, coinId, body, ifMatch), ct)).To(set =>
                        Answer(id, set)
                    )
            )
            .WithName(nameof(SetOpeningBalance))
            .WithSummary("Set the opening balance of a coin, on which its trades build")
            .Produces<AssetDto>()
            .Produces<AssetDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.PortfoliosWrite);

    private static IResult Answer(Guid portfolioId, SetOpeningBalance.Outcome set)
    {
        Result<AssetDto> asset = set.Asset;
        return set.IsNew ? asset.ToCreated(created => AssetDto.Location(portfolioId, created.CoinId)) : asset.ToOk();
    }
}
