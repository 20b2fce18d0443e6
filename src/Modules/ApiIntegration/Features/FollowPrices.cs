using System.Globalization;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Domain.Values;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Listens to the changes of coins' prices as they are stored, from now on; whoever comes back with the id of an event gets the newest price of each pair first.
/// </summary>
internal sealed record FollowPrices(IReadOnlyList<string>? CoinIds, string? Currency, bool IsBack)
    : IQuery<PriceListener>;

internal sealed class FollowPricesValidator : AbstractValidator<FollowPrices>
{
    public FollowPricesValidator()
    {
        RuleFor(query => query.CoinIds)
            .Must(coins => coins is { Count: >= 1 and <= PageSize.Max })
            .WithMessage($"must name 1 to {PageSize.Max} coins")
            .Must(coins => coins is null || coins.All(CoinId.IsValid))
            .WithMessage(CoinId.Rule);
        RuleFor(query => query.Currency).Currency();
    }
}

internal sealed class FollowPricesHandler(PriceListeners listeners, PostedPrices prices)
    : IRequestHandler<FollowPrices, Result<PriceListener>>
{
    public async Task<Result<PriceListener>> Handle(FollowPrices request, CancellationToken cancellationToken)
    {
        // Listens before it reads, so that nothing falls between the two.
        var listener = listeners.Add(request.CoinIds!, request.Currency);
        try
        {
            var known = await prices.ReadAllAsync(
                request.IsBack,
                [.. listener.Coins],
                request.Currency,
                cancellationToken
            );
            listener.StartAfter(known.Sequence, known.Prices);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }
}

internal static class FollowPricesEndpoint
{
    public static void Map(RouteGroupBuilder market) =>
        market
            .MapGet("/prices/stream", OpenAsync)
            // The ticket is as good as a header, so the endpoint looks for itself who is there.
            .AllowAnonymous()
            .WithMetadata(new ScopeMetadata(Scopes.Read))
            .WithName(nameof(FollowPrices))
            .WithSummary("Follow the prices of coins (coinIds separated by commas), as Server-Sent Events")
            .WithDescription(
                "`event: price`, each with the fields of `/market/prices`, in the currencies that prices are stored in. A client that reads slowly gets of each "
                    + "pair the newest price, not all of them. With `Last-Event-ID` the newest price of each pair comes first."
            )
            .Produces(StatusCodes.Status200OK, contentType: EventStream.MediaType)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> OpenAsync(
        HttpContext context,
        // Said, or the compiled endpoint would take it for a body, too.
        [FromQuery] string[]? coinIds,
        string? currency,
        string? ticket,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        IMediator mediator,
        IStreamPasses passes,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var pass = await passes.AdmitAsync(context, ticket, cancellationToken);
        if (!pass.IsSuccess)
        {
            return new Refusal(pass.Error);
        }

        var isBack = !string.IsNullOrEmpty(lastEventId);
        if (isBack && !long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return new Refusal(Error.Invalid("Last-Event-ID", "is not the id of an event of this stream"));
        }

        var query = new FollowPrices(GetPricesEndpoint.Split(coinIds), currency, isBack);
        return (await mediator.Send(query, cancellationToken)).To(listener => new PriceStream(
            listener,
            pass.Value,
            passes,
            clock
        ));
    }
}

/// <summary>Sends what a listener has heard, while its client takes it.</summary>
internal sealed class PriceStream(PriceListener listener, StreamPass pass, IStreamPasses passes, TimeProvider clock)
    : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (listener)
        {
            await passes.RunAsync(httpContext, pass, SendAsync);
        }
    }

    private async Task SendAsync(EventStream events, CancellationToken end)
    {
        var stoodAt = clock.GetUtcNow();
        while (true)
        {
            var isWoken = await listener.WaitAsync(EventStream.Heartbeat, end);
            // Also on a stream that is never silent.
            if (!isWoken || clock.GetUtcNow() >= stoodAt + EventStream.Heartbeat)
            {
                if (!await passes.StandsAsync(pass, end))
                {
                    return;
                }

                stoodAt = clock.GetUtcNow();
            }

            await (isWoken ? events.SendAsync(listener.Take(), end) : events.SendHeartbeatAsync(end));
        }
    }
}
