using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// What a provider says is now exactly this; nothing, where it does not answer. Of each pair concerned the first provider by priority is
/// believed that speaks and is plausible, and a price of it that is new takes the way of every price.
/// </summary>
internal sealed record TakeInQuotes(Guid ProviderId, IReadOnlyList<QuotedPrice> Quotes) : ICommand;

internal sealed class TakeInQuotesHandler(IWriteDatabase database, PriceFeed feed)
    : IRequestHandler<TakeInQuotes, Result>
{
    // Implausible is what differs by more than half from the median of the others, and from what is known; two others are enough by themselves. What is
    // simulated is no witness, and speaks where nobody has said anything real within a day.
    private const string Weigh = """
        with fresh as (
            select quote.*, provider.name, provider.priority
            from api_integration.provider_quotes quote
            join api_integration.api_providers provider on provider.id = quote.provider_id
            join unnest(@coins, @currencies) concerned (coin_id, currency)
                on concerned.coin_id = quote.coin_id and concerned.currency = quote.currency
            where provider.is_active and quote.received_at > now() - 3 * provider.poll_interval
                and (lower(provider.name) <> @simulated or not exists (
                    select from api_integration.latest_prices real
                    where real.coin_id = quote.coin_id and real.currency = quote.currency and lower(real.provider) <> @simulated
                        and real.as_of > now() - interval '24 hours'
                ))
        ), judged as (
            select fresh.*,
                others.count > 0
                    and abs(fresh.price / others.median - 1) > 0.5
                    and (others.count > 1 or coalesce(abs(fresh.price / nullif(known.price, 0) - 1) > 0.5, false)) as is_implausible
            from fresh
            cross join lateral (
                select count(*), (percentile_cont(0.5) within group (order by other.price::double precision))::numeric as median
                from fresh other
                where other.coin_id = fresh.coin_id and other.currency = fresh.currency and other.provider_id <> fresh.provider_id
                    and lower(other.name) <> @simulated
            ) others
            left join api_integration.latest_prices known on known.coin_id = fresh.coin_id and known.currency = fresh.currency
                and known.as_of > now() - interval '24 hours' and lower(known.provider) <> @simulated
        ), believed as (
            select distinct on (coin_id, currency) *
            from judged
            where not is_implausible
            order by coin_id, currency, priority, provider_id
        ), noted as (
            update api_integration.provider_quotes quote
            set is_held_back = judged.is_implausible, is_taken = quote.is_taken or believed.provider_id is not null
            from judged
            left join believed using (provider_id, coin_id, currency)
            where quote.provider_id = judged.provider_id and quote.coin_id = judged.coin_id and quote.currency = judged.currency
        )
        select name as provider, coin_id, currency, price, as_of from believed where not is_taken order by coin_id, currency
        """;

    public async Task<Result> Handle(TakeInQuotes request, CancellationToken cancellationToken)
    {
        await database.LockAsync(["provider quotes"], cancellationToken);
        var concerned = await StoreAsync(request, cancellationToken);
        var believed = await database.QueryAsync<Believed>(
            Weigh,
            new
            {
                coins = concerned.Select(pair => pair.CoinId).ToArray(),
                currencies = concerned.Select(pair => pair.Currency).ToArray(),
                simulated = Simulated.Provider,
            },
            cancellationToken
        );
        foreach (var provider in believed.GroupBy(price => price.Provider))
        {
            await feed.TakeInAsync(
                [.. provider.Select(price => new QuotedPrice(price.CoinId, price.Currency, price.Price, price.AsOf))],
                provider.Key,
                cancellationToken
            );
        }

        return Result.Success;
    }

    private Task<IReadOnlyList<Pair>> StoreAsync(TakeInQuotes request, CancellationToken cancellationToken)
    {
        var quotes = request
            .Quotes.Where(quote => Exact.Fits(quote.Price))
            .DistinctBy(quote => (quote.CoinId, quote.Currency))
            .ToList();
        return database.QueryAsync<Pair>(
            """
            with said as (
                select * from unnest(@coins, @currencies, @prices, @times) said (coin_id, currency, price, as_of)
            ), silent as (
                delete from api_integration.provider_quotes quote
                where provider_id = @ProviderId
                    and not exists (select from said where said.coin_id = quote.coin_id and said.currency = quote.currency)
                returning coin_id, currency
            ), stored as (
                insert into api_integration.provider_quotes as quote (provider_id, coin_id, currency, price, as_of)
                select @ProviderId, coin_id, currency, price, as_of from said
                on conflict (provider_id, coin_id, currency) do update
                    set price = excluded.price, as_of = excluded.as_of, received_at = now(),
                        is_taken = quote.is_taken and (quote.price, quote.as_of) = (excluded.price, excluded.as_of)
                returning coin_id, currency
            )
            select coin_id, currency from silent union all select coin_id, currency from stored
            """,
            new
            {
                request.ProviderId,
                coins = quotes.Select(quote => quote.CoinId).ToArray(),
                currencies = quotes.Select(quote => quote.Currency).ToArray(),
                prices = quotes.Select(quote => quote.Price).ToArray(),
                times = quotes.Select(quote => quote.AsOf).ToArray(),
            },
            cancellationToken
        );
    }

    private sealed record Pair
    {
        public required string CoinId { get; init; }

        public required string Currency { get; init; }
    }

    private sealed record Believed
    {
        public required string Provider { get; init; }

        public required string CoinId { get; init; }

        public required string Currency { get; init; }

        public decimal Price { get; init; }

        public DateTimeOffset AsOf { get; init; }
    }
}
