using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain;

/// <summary>A row of an imported file that is a trade by itself, whatever the ledger says of it.</summary>
internal sealed record Candidate(long Line, Trade Trade);

/// <summary>A trade that a row says, or one of the two that a swap is.</summary>
/// <param name="Leg">From 0.</param>
/// <param name="Legs">How many trades the row says.</param>
internal sealed record SettledRow(long Line, int Leg, int Legs, TradeTerms Terms);

/// <summary>Turns the good rows of a file into trades.</summary>
internal static class ImportedFile
{
    /// <summary>
    /// Trades in the order of time, their ids ascending with it; rows of one instant stay as the file has them, from its end where the newest
    /// come first.
    /// </summary>
    public static IReadOnlyList<Candidate> ToTrades(Guid userId, Guid importId, IReadOnlyList<SettledRow> rows)
    {
        var identities = Identify(rows.Select(row => row.Terms)).ToArray();
        var linked = rows.Select((row, i) => Link(row, identities[i], identities[i - row.Leg]));
        var numbered = linked.Zip(identities, (row, identity) => (row.Line, row.Terms, Identity: identity));
        var isDescending = rows.Count > 0 && rows[0].Terms.Timestamp > rows[^1].Terms.Timestamp;
        return
        [
            .. (isDescending ? numbered.Reverse() : numbered)
                .OrderBy(row => row.Terms.Timestamp)
                .Select(row => new Candidate(row.Line, Trade.Import(userId, row.Terms, importId, row.Identity))),
        ];
    }

    /// <summary>The legs of a swap without an id are linked by the identity of the first, so that the same file gives the same links.</summary>
    private static SettledRow Link(SettledRow row, RowIdentity? identity, RowIdentity? first) =>
        row.Legs == 1 || identity is null || first is null
            ? row
            : row with
            {
                Terms = row.Terms with
                {
                    LinkId = $"{Convert.ToHexStringLower(first.Fingerprint.AsSpan(0, 16))}-{first.Occurrence}",
                },
            };

    /// <summary>A row with an id of its source needs no other identity; the n-th equal row without one is occurrence n.</summary>
    private static IEnumerable<RowIdentity?> Identify(IEnumerable<TradeTerms> rows)
    {
        var occurrences = new Dictionary<string, int>();
        foreach (var terms in rows)
        {
            if (terms.ExternalId is not null)
            {
                yield return null;
                continue;
            }

            var fingerprint = Fingerprint(terms);
            var key = Convert.ToHexString(fingerprint);
            occurrences[key] = occurrences.GetValueOrDefault(key) + 1;
            yield return new RowIdentity(fingerprint, occurrences[key]);
        }
    }

    /// <summary>Of what a fill is; what people write beside it (notes, tags) may change without making it another.</summary>
    private static byte[] Fingerprint(TradeTerms terms) =>
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
