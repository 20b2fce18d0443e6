namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>
/// Plays a user's ledger into lots, once through and in its order: what it keeps in memory is what is open. Disposals take lots of their own portfolio;
/// transfers carry them from one to another.
/// </summary>
/// <remarks>
/// What is disposed of beyond what is held waits and is filled by the next acquisitions in the order of time, whose cost and date it takes.
/// </remarks>
/// <param name="methodOf">Each portfolio's.</param>
internal sealed class LotBook(Func<Guid, CostBasisMethod> methodOf)
{
    private readonly Dictionary<(Guid PortfolioId, string CoinId), Position> _positions = [];
    private readonly Dictionary<Guid, Journey> _journeys = [];
    private readonly List<LotMove> _moves = [];
    private readonly List<LotPart> _taken = [];

    /// <summary>By coin within each portfolio; complete after <see cref="Close"/>.</summary>
    public IEnumerable<(Guid PortfolioId, string CoinId, LotPart Lot)> OpenLots =>
        from position in _positions
        from lot in position.Value.Lots.All
        select (position.Key.PortfolioId, position.Key.CoinId, lot);

    /// <returns>What the entry moves, itself or by what it fills; valid until the next call.</returns>
    public IReadOnlyList<LotMove> Play(LotEntry entry)
    {
        _moves.Clear();
        if (entry.Quantity == 0)
        {
            return _moves;
        }

        if (entry.Type.IsIncoming())
        {
            Bring(entry);
        }
        else
        {
            Take(entry);
        }

        return _moves;
    }

    /// <summary>After the last entry: what still waits is covered by nothing, and moves at cost 0.</summary>
    public IReadOnlyList<LotMove> Close()
    {
        _moves.Clear();
        var waiting = _positions
            .Values.SelectMany(position => position.Waiting)
            .ToLookup(outgo => outgo.Journey is null);
        // Transfers first: what waits where they arrive is filled by them, though with nothing.
        foreach (var position in _positions.Values)
        {
            position.Waiting = new Queue<Outgo>(position.Waiting.Where(outgo => outgo.Journey is null));
        }

        foreach (var outgo in waiting[false])
        {
            Settle(outgo, LotPart.Missing(outgo.Quantity));
        }

        foreach (var journey in _journeys.Values.Where(journey => journey.Outstanding > 0).ToArray())
        {
            Deliver(journey, LotPart.Missing(journey.Outstanding));
        }

        foreach (var outgo in waiting[true].Where(outgo => outgo.Quantity > 0))
        {
            Settle(outgo, LotPart.Missing(outgo.Quantity));
        }

        return _moves;
    }

    private void Bring(LotEntry entry)
    {
        if (entry.Transfer is { IsWithin: false })
        {
            Arrive(entry);
        }

        var fresh = entry.Quantity - (entry.Transfer?.Quantity ?? 0);
        if (fresh > 0)
        {
            var cost = new Apportionment(entry.Quantity, entry.Cost).Take(fresh);
            Acquire(entry, new LotPart(entry.TradeId, entry.AcquiredAt ?? entry.At, fresh, cost), LotMoveKind.Acquired);
        }
    }

    private void Take(LotEntry entry)
    {
        if (entry.Type == TradeType.Sell)
        {
            Start(new Outgo(LotMoveKind.Disposed, entry, entry.Quantity, entry.Proceeds));
        }
        else if (entry.Transfer is not { } transfer)
        {
            Start(new Outgo(LotMoveKind.Withdrawn, entry, entry.Quantity, amount: null));
        }
        else
        {
            if (entry.NetworkFee > 0)
            {
                var value = new Apportionment(entry.Quantity, entry.Value).Take(entry.NetworkFee);
                Start(new Outgo(LotMoveKind.Disposed, entry, entry.NetworkFee, value));
            }

            // Within one portfolio lots stay where they are.
            if (!transfer.IsWithin)
            {
                Start(new Outgo(LotMoveKind.Withdrawn, entry, transfer.Quantity, amount: null, JourneyOf(transfer)));
            }
        }
    }

    private void Start(Outgo outgo)
    {
        var position = PositionOf(outgo.Entry);
        _taken.Clear();
        position.Lots.Take(outgo.Quantity, _taken);
        foreach (var part in _taken)
        {
            Settle(outgo, part);
        }

        if (outgo.Quantity > 0)
        {
            position.Waiting.Enqueue(outgo);
        }
    }

    private void Acquire(LotEntry entry, LotPart part, LotMoveKind kind)
    {
        _moves.Add(new LotMove(kind, entry, part, Proceeds: null, Place: 0));
        var position = PositionOf(entry);
        var lot = new Lot(part);
        while (lot.Quantity > 0 && position.Waiting.TryPeek(out var outgo))
        {
            var filled = Math.Min(lot.Quantity, outgo.Quantity);
            if (filled == outgo.Quantity)
            {
                // First, since a transfer may come back to this very position.
                position.Waiting.Dequeue();
            }

            Settle(outgo, lot.Take(filled));
        }

        if (lot.Quantity > 0)
        {
            position.Lots.Add(lot);
        }
    }

    private void Settle(Outgo outgo, LotPart part)
    {
        _moves.Add(new LotMove(outgo.Kind, outgo.Entry, part, outgo.Take(part.Quantity), outgo.Parts++));
        if (outgo.Journey is { } journey)
        {
            Deliver(journey, part);
        }
    }

    private void Deliver(Journey journey, LotPart part)
    {
        journey.Outstanding -= part.Quantity;
        if (journey.Arrival is { } arrival)
        {
            Forget(journey);
            Acquire(arrival, part, LotMoveKind.Received);
        }
        else
        {
            journey.UnderWay.Add(part);
        }
    }

    /// <summary>The deposit of a transfer may be dated before its withdrawal: then the lots arrive with that one.</summary>
    private void Arrive(LotEntry entry)
    {
        var journey = JourneyOf(entry.Transfer!);
        journey.Arrival = entry;
        foreach (var part in journey.UnderWay)
        {
            Acquire(entry, part, LotMoveKind.Received);
        }

        journey.UnderWay.Clear();
        Forget(journey);
    }

    private void Forget(Journey arrived)
    {
        if (arrived.Outstanding == 0)
        {
            _journeys.Remove(arrived.DepositId);
        }
    }

    private Position PositionOf(LotEntry entry)
    {
        var key = (entry.PortfolioId, entry.CoinId);
        if (!_positions.TryGetValue(key, out var position))
        {
            _positions.Add(key, position = new Position(Lots.OpenLots.For(methodOf(entry.PortfolioId))));
        }

        return position;
    }

    private Journey JourneyOf(Transfer transfer)
    {
        if (!_journeys.TryGetValue(transfer.DepositId, out var journey))
        {
            _journeys.Add(
                transfer.DepositId,
                journey = new Journey(transfer.DepositId) { Outstanding = transfer.Quantity }
            );
        }

        return journey;
    }

    private sealed record Position(OpenLots Lots)
    {
        /// <summary>Sold or sent without having been acquired, the oldest first.</summary>
        public Queue<Outgo> Waiting { get; set; } = [];
    }

    /// <summary>What an entry takes, and how much of it has no lot yet.</summary>
    private sealed class Outgo(
        LotMoveKind kind,
        LotEntry entry,
        decimal quantity,
        decimal? amount,
        Journey? journey = null
    )
    {
        private Apportionment _rest = new(quantity, amount);

        public LotMoveKind Kind => kind;

        public LotEntry Entry => entry;

        public Journey? Journey => journey;

        public decimal Quantity => _rest.Quantity;

        public int Parts { get; set; }

        public decimal? Take(decimal part) => _rest.Take(part);
    }

    /// <summary>A transfer of which not all lots have arrived.</summary>
    private sealed class Journey(Guid depositId)
    {
        public Guid DepositId => depositId;

        /// <summary>What has yet to leave.</summary>
        public required decimal Outstanding { get; set; }

        /// <summary>Null: not arrived yet.</summary>
        public LotEntry? Arrival { get; set; }

        public List<LotPart> UnderWay { get; } = [];
    }
}
