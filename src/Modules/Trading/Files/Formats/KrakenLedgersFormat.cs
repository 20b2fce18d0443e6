using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>
/// Kraken's ledgers.csv, with a column <c>wallet</c> or without. A trade is the two rows that share a refid, wherever they stand: the negative leg
/// is spent, the positive one received, and each pays its own fee.
/// </summary>
internal sealed class KrakenLedgersFormat : ITradeFormat
{
    public const string Exchange = "kraken";

    public ImportFormat Format => ImportFormat.Kraken;

    public ITradeReader? Recognise(FileHeader header) =>
        header.Has("txid", "refid", "time", "type", "subtype", "asset", "amount", "fee") ? new Reader(header) : null;

    private sealed record Leg(long Line, DateTimeOffset At, string Symbol, decimal Amount, decimal Fee);

    private sealed class Reader(FileHeader header) : ITradeReader
    {
        /// <summary>Pairs stand close together; a file of nothing but halves would not fit the memory.</summary>
        private const int MaxWaiting = 200_000;

        private readonly int _txId = header.IndexOf("txid");
        private readonly int _refId = header.IndexOf("refid");
        private readonly int _time = header.IndexOf("time");
        private readonly int _type = header.IndexOf("type");
        private readonly int _subtype = header.IndexOf("subtype");
        private readonly int _asset = header.IndexOf("asset");
        private readonly int _amount = header.IndexOf("amount");
        private readonly int _fee = header.IndexOf("fee");
        private readonly Dictionary<string, Leg> _waiting = [];

        public IEnumerable<FileRow> Read(FileCells row)
        {
            var (type, subtype) = (row[_type].ToLowerInvariant(), row[_subtype].ToLowerInvariant());
            if (row[_txId].Length == 0)
            {
                return Skip("was only asked for: the row with a txid books it");
            }

            if (row[_asset].Equals("KFEE", StringComparison.OrdinalIgnoreCase))
            {
                return Skip("is paid in fee credits, which are no coin");
            }

            var leg = new Leg(
                row.Line,
                Cell.Time(row[_time], "time"),
                KrakenAssets.SymbolOf(row[_asset]),
                Cell.RequiredNumber(row[_amount], "amount"),
                Cell.Number(row[_fee], "fee") ?? 0
            );
            var isStaked = KrakenAssets.IsStaked(row[_asset]);
            return (type, subtype) switch
            {
                ("trade" or "spend" or "receive" or "conversion", not "dustsweeping") => Pair(row[_refId], leg),
                ("deposit" or "withdrawal", _) when isStaked => Skip("moves within Kraken, to or from staking"),
                ("deposit", _) => [Moved(TradeType.Deposit)],
                ("withdrawal", _) => [Moved(TradeType.Withdrawal)],
                ("staking" or "dividend" or "reward", _) or ("earn", "reward" or "airdropreward") =>
                [
                    Moved(TradeType.Income),
                ],
                ("earn", "allocation" or "deallocation" or "autoallocation" or "migration")
                or (
                    "transfer",
                    "spottostaking"
                        or "spotfromstaking"
                        or "stakingtospot"
                        or "stakingfromspot"
                        or "spottofutures"
                        or "spotfromfutures"
                        or "futurestospot"
                        or "futuresfromspot"
                ) => Skip($"moves within Kraken ({subtype})"),
                ("transfer", "") when leg.Amount < 0 => Skip("moves within Kraken"),
                // What it means for the holdings nobody knows, and it must not hold up the rest of the file.
                _ => Skip(
                    $"is not understood ({Cell.Shorten(type)}{(subtype.Length > 0 ? $": {Cell.Shorten(subtype)}" : "")}); record it by hand if it moved coins"
                ),
            };

            FileRow.Skipped[] Skip(string reason) => [new FileRow.Skipped(row.Line, reason)];

            FileRow Moved(TradeType moves) =>
                new FileRow.Entry(
                    row.Line,
                    new FileEntry
                    {
                        Type = moves,
                        At = leg.At,
                        Asset = leg.Symbol,
                        Quantity = moves.IsIncoming() ? leg.Amount : -leg.Amount,
                        Fee = leg.Fee,
                        FeeAsset = leg.Symbol,
                        Exchange = Exchange,
                        ExternalId = row[_txId],
                    }
                );
        }

        public IEnumerable<FileRow> End() =>
            _waiting.Values.Select(leg => new FileRow.Rejected(
                leg.Line,
                "the other row of its refid is not in the file"
            ));

        private IEnumerable<FileRow> Pair(string refId, Leg leg)
        {
            if (!_waiting.Remove(refId, out var other))
            {
                return _waiting.Count < MaxWaiting
                    ? WaitFor(refId, leg)
                    : throw new UnreadableRowException(
                        "too many rows of the file have lost the other row of their refid"
                    );
            }

            var (spent, received) = leg.Amount < 0 ? (leg, other) : (other, leg);
            if (spent.Amount >= 0 || received.Amount <= 0)
            {
                return
                [
                    new FileRow.Rejected(leg.Line, "has the refid of a row that goes in the same direction"),
                    new FileRow.Rejected(other.Line, "has the refid of a row that goes in the same direction"),
                ];
            }

            return
            [
                new FileRow.Entry(
                    Math.Min(leg.Line, other.Line),
                    Trade(refId, spent, received),
                    Math.Max(leg.Line, other.Line)
                ),
            ];
        }

        private IEnumerable<FileRow> WaitFor(string refId, Leg leg)
        {
            _waiting.Add(refId, leg);
            return [];
        }

        /// <summary>Priced in money where there is some, else in what was spent: the sold coin's value counts.</summary>
        private FileEntry Trade(string refId, Leg spent, Leg received)
        {
            var isSale = header.Symbols.IsMoney(received.Symbol) && !header.Symbols.IsMoney(spent.Symbol);
            var (coin, quote) = isSale ? (spent, received) : (received, spent);
            var hasBothFees = coin.Fee != 0 && quote.Fee != 0;
            return new FileEntry
            {
                Type = isSale ? TradeType.Sell : TradeType.Buy,
                At = spent.At,
                Asset = coin.Symbol,
                // An entry names one fee; the coin's own is then part of what came or went.
                Quantity = Math.Abs(hasBothFees ? coin.Amount - coin.Fee : coin.Amount),
                Quote = quote.Symbol,
                Total = Math.Abs(quote.Amount),
                Fee = quote.Fee != 0 ? quote.Fee : coin.Fee,
                FeeAsset = quote.Fee != 0 || coin.Fee == 0 ? quote.Symbol : coin.Symbol,
                Exchange = Exchange,
                ExternalId = refId,
            };
        }
    }
}
