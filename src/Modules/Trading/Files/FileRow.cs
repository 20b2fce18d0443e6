using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files;

/// <summary>What a file says on a line.</summary>
/// <param name="Line">From 1, the header and the lines inside quotes included: what a text editor shows.</param>
internal abstract record FileRow(long Line)
{
    /// <summary>All the lines that it takes to say it.</summary>
    public virtual IEnumerable<long> Lines => [Line];

    /// <summary>A trade in our own words, coin ids and all.</summary>
    internal sealed record Trade(long Line, TradeInput Input) : FileRow(Line);

    /// <summary>A movement in its source's words, which have yet to be understood.</summary>
    /// <param name="OtherLine">Where it takes two lines to say it: the second.</param>
    internal sealed record Entry(long Line, FileEntry Says, long? OtherLine = null) : FileRow(Line)
    {
        public override IEnumerable<long> Lines => OtherLine is { } other ? [Line, other] : [Line];
    }

    /// <summary>No trade, and nothing wrong with that.</summary>
    internal sealed record Skipped(long Line, string Reason) : FileRow(Line);

    internal sealed record Rejected(long Line, string Error) : FileRow(Line);
}

/// <summary>A movement as an exchange writes it down: assets by their symbols, both sides of a swap at once.</summary>
internal sealed record FileEntry
{
    public required TradeType Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Asset { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>What price and total are in: money, or the coin that a buy spends and a sale brings.</summary>
    public string? Quote { get; init; }

    public decimal? Price { get; init; }

    /// <summary>Fee left out.</summary>
    public decimal? Total { get; init; }

    public decimal Fee { get; init; }

    public string? FeeAsset { get; init; }

    /// <summary>Whether a fee in a third coin was taken out of what the account holds of it.</summary>
    public bool DeductsFee { get; init; }

    /// <summary>The other side of a swap whose value the file gives in money; otherwise it follows from quote and total.</summary>
    public OtherSide? Other { get; init; }

    public string? Exchange { get; init; }

    /// <summary>What the source calls it, unless it has no ids.</summary>
    public string? ExternalId { get; init; }

    public string? Notes { get; init; }
}

/// <param name="Total">Its value in the entry's quote.</param>
internal sealed record OtherSide(string Asset, decimal Quantity, decimal? Total);
