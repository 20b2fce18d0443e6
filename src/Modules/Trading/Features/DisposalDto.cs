using CryptoBeacon.Trading.Domain.Lots;

namespace CryptoBeacon.Trading.Features;

/// <summary>What a disposal took from one lot.</summary>
internal sealed record DisposalDto
{
    public required Guid PortfolioId { get; init; }

    public Guid? TradeId { get; init; }

    /// <summary>Null: the opening balance, a pool, or nothing known.</summary>
    public Guid? LotTradeId { get; init; }

    public required string CoinId { get; init; }

    public DateTimeOffset? AcquiredAt { get; init; }

    public required DateTimeOffset DisposedAt { get; init; }

    public required decimal Quantity { get; init; }

    public decimal? Proceeds { get; init; }

    public decimal? Cost { get; init; }

    public decimal? Gain { get; init; }

    public Term? Term { get; init; }

    public static DisposalDto Of(LotMove disposal) =>
        new()
        {
            PortfolioId = disposal.Entry.PortfolioId,
            TradeId = disposal.Entry.TradeId,
            LotTradeId = disposal.Part.TradeId,
            CoinId = disposal.Entry.CoinId,
            AcquiredAt = disposal.Part.AcquiredAt,
            DisposedAt = disposal.Entry.At,
            Quantity = disposal.Part.Quantity,
            Proceeds = disposal.Proceeds,
            Cost = disposal.Part.Cost,
            Gain = disposal.Gain,
            Term = disposal.Term,
        };
}

/// <summary>Where a page begins: a trade may dispose of two coins, its own and that of its fee, each in parts.</summary>
internal sealed record DisposalPosition(DateTimeOffset At, Guid TradeId, string CoinId, int Place)
    : IComparable<DisposalPosition>
{
    public static DisposalPosition Of(LotMove disposal) =>
        new(disposal.Entry.At, disposal.Entry.TradeId!.Value, disposal.Entry.CoinId, disposal.Place);

    public int CompareTo(DisposalPosition? other) =>
        other is null
            ? 1
            : (At, TradeId, CoinId, Place).CompareTo((other.At, other.TradeId, other.CoinId, other.Place));
}

/// <summary>
/// The first disposals after a position in the order of time. They come in the order in which they find their lots, and are too many to be kept: of
/// those seen it keeps as many as a page needs.
/// </summary>
internal sealed class DisposalPage(DisposalPosition? after, int size)
{
    private readonly PriorityQueue<DisposalDto, DisposalPosition> _latestFirst = new(
        Comparer<DisposalPosition>.Create((a, b) => b.CompareTo(a))
    );

    public void Add(LotMove disposal)
    {
        if (
            _latestFirst.Count == size
            && _latestFirst.TryPeek(out var last, out _)
            && last.DisposedAt < disposal.Entry.At
        )
        {
            return;
        }

        var position = DisposalPosition.Of(disposal);
        if (after is not null && position.CompareTo(after) <= 0)
        {
            return;
        }

        _latestFirst.Enqueue(DisposalDto.Of(disposal), position);
        if (_latestFirst.Count > size)
        {
            _latestFirst.Dequeue();
        }
    }

    public Page<DisposalDto> ToPage(int? limit)
    {
        var rows = _latestFirst.UnorderedItems.OrderBy(row => row.Priority).ToArray();
        var page = Page<(DisposalDto Disposal, DisposalPosition Position)>.From(rows, limit, last => last.Position);
        return new Page<DisposalDto>([.. page.Items.Select(row => row.Disposal)], page.NextCursor);
    }
}
