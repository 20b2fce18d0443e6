using System.Text.Json;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>
/// The way through an account whose fills are told market by market. The first walk looks at every market, those whose asset is held first, since
/// what was bought and sold again leaves no balance; later ones at the markets that had fills and those whose asset is held.
/// </summary>
internal sealed class MarketWalk
{
    private readonly State _state;

    private MarketWalk(State state) => _state = state;

    /// <exception cref="ConnectorException">It is no cursor of such a walk.</exception>
    public static MarketWalk Parse(string? cursor)
    {
        try
        {
            return new(cursor is null ? new State() : JsonSerializer.Deserialize<State>(cursor)!);
        }
        catch (JsonException exception)
        {
            throw new ConnectorException(
                ConnectorFault.Refused,
                "The stored position in the account can't be read.",
                exception
            );
        }
    }

    public bool IsAtItsStart => _state.Waiting.Count == 0;

    /// <summary>The market to look at; null at the end.</summary>
    public Listing? Current =>
        _state.Waiting is [[var symbol, var asset, var currency], ..] ? new Listing(symbol, asset, currency) : null;

    /// <summary>The largest id seen in a market; null: none.</summary>
    public long? PositionIn(Listing market) =>
        _state.Positions.TryGetValue(market.Symbol, out var position) ? position : null;

    public void Begin(IEnumerable<Listing> markets, IEnumerable<Balance> balances)
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

    public void Advance(Listing market, long position) => _state.Positions[market.Symbol] = position;

    public void Leave(Listing market)
    {
        _state.Waiting.RemoveAt(0);
        _state.HasSeenAll |= _state.Waiting.Count == 0;
    }

    public FillPage Page(IReadOnlyList<Fill> fills) =>
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
