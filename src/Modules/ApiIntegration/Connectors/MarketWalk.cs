using System.Globalization;
using System.Text.Json;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <param name="Fills">Those after a position, oldest first.</param>
/// <param name="IsWhole">There are no more at present.</param>
internal readonly record struct MarketFills(IReadOnlyList<Fill> Fills, bool IsWhole);

/// <summary>
/// The way through an account whose fills are told market by market, each with a number that grows. The first walk looks at every market, those whose asset
/// is held first, since what was bought and sold again leaves no balance; later ones at the markets that had fills and those whose asset is held.
/// </summary>
internal sealed class MarketWalk
{
    /// <summary>Markets without fills are many: a page looks at so many of them at the most, so that a cursor is never far away.</summary>
    private const int MarketsAPage = 20;

    private readonly State _state;

    private MarketWalk(State state) => _state = state;

    /// <param name="read">The fills of a market after the largest number that is known of it; null: from its beginning.</param>
    public static async Task<FillPage> NextPageAsync(
        IExchangeConnector exchange,
        ProviderApi api,
        Credentials credentials,
        string? cursor,
        Func<Listing, long?, Task<MarketFills>> read,
        CancellationToken cancellationToken
    )
    {
        var walk = new MarketWalk(ExchangeCalls.ReadCursor<State>(cursor) ?? new State());
        if (walk.IsAtItsStart)
        {
            walk.Begin(
                await exchange.ListAsync(api, cancellationToken),
                await exchange.BalancesAsync(api, credentials, cancellationToken)
            );
        }

        for (var looked = 0; looked < MarketsAPage && walk.Current is { } market; looked++)
        {
            var (fills, isWhole) = await read(market, walk.PositionIn(market));
            if (fills.Count > 0)
            {
                walk.Advance(market, fills.Max(NumberOf));
            }

            if (isWhole)
            {
                walk.Leave();
            }

            if (fills.Count > 0)
            {
                return walk.Page(fills);
            }
        }

        return walk.Page([]);
    }

    /// <summary>Numbers are unique within a market.</summary>
    public static string ExternalIdOf(Listing market, long number) =>
        $"{market.Symbol}-{number.ToString(CultureInfo.InvariantCulture)}";

    public static long NumberOf(Fill fill) =>
        long.Parse(fill.ExternalId.AsSpan(fill.ExternalId.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);

    private bool IsAtItsStart => _state.Waiting.Count == 0;

    /// <summary>The market to look at; null at the end.</summary>
    private Listing? Current =>
        _state.Waiting is [[var symbol, var asset, var currency], ..] ? new Listing(symbol, asset, currency) : null;

    private long? PositionIn(Listing market) =>
        _state.Positions.TryGetValue(market.Symbol, out var position) ? position : null;

    private void Begin(IEnumerable<Listing> markets, IEnumerable<Balance> balances)
    {
        var held = balances.Select(balance => balance.Asset).ToHashSet();
        _state.Waiting =
        [
            .. markets
                .Where(market => !_state.HasSeenAll || held.Contains(market.Asset) || PositionIn(market) is not null)
                .OrderByDescending(market => held.Contains(market.Asset))
                .Select(market => new[] { market.Symbol, market.Asset, market.Currency! }),
        ];
        _state.Markets = _state.Waiting.Count;
    }

    /// <summary>Who gives the same again and again would be asked for ever.</summary>
    private void Advance(Listing market, long position) =>
        _state.Positions[market.Symbol] =
            position > (PositionIn(market) ?? -1)
                ? position
                : throw ProviderJson.Changed("fills do not come in the order of their ids");

    private void Leave()
    {
        _state.Waiting.RemoveAt(0);
        _state.HasSeenAll |= _state.Waiting.Count == 0;
    }

    private FillPage Page(IReadOnlyList<Fill> fills) =>
        new(
            fills,
            JsonSerializer.Serialize(_state),
            IsAtItsStart,
            _state.Markets == 0 ? 1 : 1 - ((decimal)_state.Waiting.Count / _state.Markets)
        );

    private sealed class State
    {
        public Dictionary<string, long> Positions { get; init; } = [];

        /// <summary>Symbol, asset, currency.</summary>
        public List<string[]> Waiting { get; set; } = [];

        public int Markets { get; set; }

        public bool HasSeenAll { get; set; }
    }
}
