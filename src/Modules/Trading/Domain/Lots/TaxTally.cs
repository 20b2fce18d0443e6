using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>A calendar year as a time zone has it.</summary>
internal sealed record TaxYear(DateTimeOffset From, DateTimeOffset To)
{
    public static TaxYear Of(int year, TimeZoneInfo zone) => new(StartOf(year, zone), StartOf(year + 1, zone));

    public static TimeZoneInfo? ZoneOf(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    public bool Contains(DateTimeOffset at) => at >= From && at < To;

    private static DateTimeOffset StartOf(int year, TimeZoneInfo zone)
    {
        var midnight = new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
        // Where clocks skip midnight, the year begins when they go on.
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }

        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}

/// <summary>Sums a played ledger up for one tax year.</summary>
/// <param name="includes">Whether a portfolio is reported on.</param>
internal sealed class TaxTally(TaxYear year, Func<Guid, bool> includes)
{
    private Total _income = new();
    private Total _fees = new();
    private SortedDictionary<string, (decimal Quantity, decimal? Cost)>? _holdings;

    public Gains Gains { get; } = new();

    public Gaps Gaps { get; } = new();

    public decimal? Income => _income.Value;

    public decimal? Fees => _fees.Value;

    /// <summary>By coin, as they were when the year was closed.</summary>
    public IReadOnlyDictionary<string, (decimal Quantity, decimal? Cost)> Holdings => _holdings!;

    public void Add(IReadOnlyList<LotMove> moves)
    {
        foreach (var move in moves)
        {
            if (move.Kind == LotMoveKind.Disposed && includes(move.Entry.PortfolioId) && year.Contains(move.Entry.At))
            {
                Gains.Add(move);
                Gaps.AddOf(move);
                if (move.Entry.Type == TradeType.Withdrawal)
                {
                    AddFee(move.Proceeds);
                }
            }
        }
    }

    /// <summary>Before the first entry of a later year is played, and at the latest at the ledger's end; what comes after changes nothing.</summary>
    public void CloseYear(LotBook book) =>
        _holdings ??= new SortedDictionary<string, (decimal Quantity, decimal? Cost)>(
            book.OpenLots.Where(open => includes(open.PortfolioId))
                .GroupBy(open => open.CoinId)
                .ToDictionary(
                    coin => coin.Key,
                    coin =>
                        coin.Aggregate(
                            (Quantity: 0m, Cost: (decimal?)0),
                            (sum, open) =>
                                (
                                    sum.Quantity + open.Lot.Quantity,
                                    sum.Cost is { } a && open.Lot.Cost is { } b ? Exact.Sum(a, b) : null
                                )
                        )
                ),
            StringComparer.Ordinal
        );

    public void Add(LotEntry entry)
    {
        if (!includes(entry.PortfolioId))
        {
            return;
        }

        if (entry.UnknownFee is { } unknown && entry.At < year.To)
        {
            Gaps.Add(unknown);
        }

        if (!year.Contains(entry.At))
        {
            return;
        }

        AddFee(entry.Fee);
        if (entry.Type != TradeType.Income)
        {
            return;
        }

        if (entry.Value is { } earned)
        {
            _income.Add(earned);
        }
        else
        {
            Gaps.Add(new Gap(entry.TradeId, entry.CoinId, entry.Quantity, GapKind.Cost));
        }
    }

    private void AddFee(decimal? fee)
    {
        if (fee is { } known)
        {
            _fees.Add(known);
        }
    }
}
