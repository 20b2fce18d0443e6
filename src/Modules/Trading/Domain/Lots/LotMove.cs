using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

internal enum LotMoveKind
{
    /// <summary>New lots: bought, deposited, earned, or there from the beginning.</summary>
    Acquired,

    /// <summary>Lots of one's own that arrive by a transfer, with their cost and date.</summary>
    Received,

    /// <summary>With a gain.</summary>
    Disposed,

    /// <summary>Without one.</summary>
    Withdrawn,
}

/// <summary>What becomes of some of a lot.</summary>
/// <param name="Entry">The entry of the ledger that brings it or takes it away.</param>
/// <param name="Proceeds">Of a disposal; null where its value is not known.</param>
/// <param name="Place">Which part of its disposal it is, from 0.</param>
internal readonly record struct LotMove(LotMoveKind Kind, LotEntry Entry, LotPart Part, decimal? Proceeds, int Place)
{
    public decimal? Gain => Proceeds is { } proceeds && Part.Cost is { } cost ? Exact.Sum(proceeds, -cost) : null;

    public Term? Term => Part.TermAt(Entry.At);
}
