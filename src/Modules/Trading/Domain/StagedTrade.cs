using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain;

/// <summary>A row of a file that is a trade by itself, whatever the ledger says of it, or one of the two that a swap is.</summary>
/// <param name="OtherLine">Where it takes two lines to say it: the second.</param>
/// <param name="Leg">From 0.</param>
/// <param name="Link">What ties the legs of a row that has no id: the same in the same row of another file.</param>
internal sealed record StagedTrade(long Line, long? OtherLine, int Leg, byte[]? Link, TradeTerms Terms)
{
    /// <summary>A row with an id of its source needs no other identity.</summary>
    public byte[]? Fingerprint => Terms.ExternalId is null ? FingerprintOf(Terms) : null;

    /// <summary>All trades of a row, tied if they are several.</summary>
    public static IEnumerable<StagedTrade> OfRow(long line, long? otherLine, IReadOnlyList<TradeTerms> trades)
    {
        var link = trades is [{ LinkId: null } first, var second] ? LinkOf(first, second) : null;
        return trades.Select((terms, leg) => new StagedTrade(line, otherLine, leg, link, terms));
    }

    private static byte[] LinkOf(TradeTerms first, TradeTerms second) =>
        SHA256.HashData([.. FingerprintOf(first), .. FingerprintOf(second)])[..16];

    /// <summary>Of what a fill is; what people write beside it (notes, tags) may change without making it another.</summary>
    private static byte[] FingerprintOf(TradeTerms terms) =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes(
                string.Join(
                    '\n',
                    UtcTime.Format(terms.Timestamp),
                    terms.CoinId,
                    WireName.Of(terms.Type),
                    Exact.Format(terms.Quantity),
                    terms.Worth.Basis == PriceBasis.Given ? Exact.Format(terms.Worth.Price) : null,
                    terms.Worth.Basis == PriceBasis.Given ? Exact.Format(terms.Worth.Total) : null,
                    terms.Currency,
                    Exact.Format(terms.Fee),
                    terms.FeeCurrency,
                    terms.Exchange
                ) + (terms.AcquiredAt is { } at ? $"\n{UtcTime.Format(at)}" : null)
            )
        );
}
