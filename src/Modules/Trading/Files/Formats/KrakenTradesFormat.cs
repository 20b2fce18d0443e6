using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>Kraken's trades.csv. A trade's txid is the refid of its rows in ledgers.csv, so that either file knows what the other brought.</summary>
internal sealed class KrakenTradesFormat : ITradeFormat
{
    public ImportFormat Format => ImportFormat.Kraken;

    public ITradeReader? Recognise(FileHeader header) =>
        header.Has("txid", "pair", "time", "type", "price", "cost", "fee", "vol") ? new Reader(header) : null;

    private sealed class Reader(FileHeader header) : ITradeReader
    {
        private readonly int _txId = header.IndexOf("txid");
        private readonly int _pair = header.IndexOf("pair");
        private readonly int _time = header.IndexOf("time");
        private readonly int _type = header.IndexOf("type");
        private readonly int _cost = header.IndexOf("cost");
        private readonly int _fee = header.IndexOf("fee");
        private readonly int _volume = header.IndexOf("vol");
        private readonly int _margin = header.IndexOf("margin");

        public IEnumerable<FileRow> Read(FileCells row)
        {
            if (Cell.Number(row[_margin], "margin") > 0)
            {
                return [new FileRow.Skipped(row.Line, "is a trade on margin, which moves no coins of one's own")];
            }

            var pair =
                KrakenAssets.PairOf(row[_pair], header.Symbols.IsMoney)
                ?? throw new UnreadableRowException($"{Cell.Shorten(row[_pair])} is no pair of known symbols");
            return
            [
                new FileRow.Entry(
                    row.Line,
                    new FileEntry
                    {
                        Type = row[_type].ToLowerInvariant() switch
                        {
                            "buy" => TradeType.Buy,
                            "sell" => TradeType.Sell,
                            var other => throw new UnreadableRowException(
                                $"type: {Cell.Shorten(other)} must be buy or sell"
                            ),
                        },
                        At = Cell.Time(row[_time], "time"),
                        Asset = pair.Base,
                        Quantity = Cell.RequiredNumber(row[_volume], "vol"),
                        Quote = pair.Quote,
                        // The price is rounded, the cost is what was paid.
                        Total = Cell.RequiredNumber(row[_cost], "cost"),
                        Fee = Cell.Number(row[_fee], "fee") ?? 0,
                        FeeAsset = pair.Quote,
                        Exchange = KrakenLedgersFormat.Exchange,
                        ExternalId = row[_txId] is { Length: > 0 } id ? id : null,
                    }
                ),
            ];
        }
    }
}
