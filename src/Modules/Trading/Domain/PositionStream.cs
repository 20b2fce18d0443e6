namespace CryptoBeacon.Trading.Domain;

/// <summary>Ledgers of several coins, played one movement after the other as they are read: each coin's in the ledger's order.</summary>
internal sealed class PositionStream(IEnumerable<Movement> openings)
{
    private readonly Dictionary<string, Movement> _waiting = openings.ToDictionary(opening => opening.CoinId);
    private readonly Dictionary<string, Holding> _holdings = [];

    public IReadOnlyDictionary<string, Holding> Holdings => _holdings;

    /// <summary>Opening balances that are later than all movements of their coins: to be played at the end.</summary>
    public IReadOnlyCollection<Movement> Waiting => _waiting.Values;

    /// <summary>False when the balance would not fit 28 digits.</summary>
    public bool Play(Movement movement)
    {
        if (_waiting.TryGetValue(movement.CoinId, out var opening) && opening.CompareTo(movement) < 0)
        {
            _waiting.Remove(movement.CoinId);
            return GoOn(opening) && GoOn(movement);
        }

        return GoOn(movement);
    }

    private bool GoOn(Movement movement)
    {
        if (_holdings.GetValueOrDefault(movement.CoinId, Holding.Nothing).After(movement) is not { } next)
        {
            return false;
        }

        _holdings[movement.CoinId] = next;
        return true;
    }
}
