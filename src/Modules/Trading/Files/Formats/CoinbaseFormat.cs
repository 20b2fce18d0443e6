using System.Text.RegularExpressions;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>
/// Coinbase's transaction report, with spot prices, with prices, or with ids. Lines of greeting stand before its header; a conversion is one row,
/// whose other side stands in the notes alone.
/// </summary>
internal sealed partial class CoinbaseFormat : ITradeFormat
{
    public const string Exchange = "coinbase";

    public ImportFormat Format => ImportFormat.Coinbase;

    public ITradeReader? Recognise(FileHeader header) =>
        header.Has("Timestamp", "Transaction Type", "Asset", "Quantity Transacted", "Subtotal")
            ? new Reader(header)
            : null;

    private sealed class Reader(FileHeader header) : ITradeReader
    {
        private readonly int _id = header.IndexOf("ID");
        private readonly int _time = header.IndexOf("Timestamp");
        private readonly int _type = header.IndexOf("Transaction Type");
        private readonly int _asset = header.IndexOf("Asset");
        private readonly int _quantity = header.IndexOf("Quantity Transacted");
        private readonly int _currency = header.FirstOf("Price Currency", "Spot Price Currency");
        private readonly int _price = header.FirstOf("Price at Transaction", "Spot Price at Transaction");
        private readonly int _subtotal = header.IndexOf("Subtotal");
        private readonly int _total = header.FirstOf(
            "Total (inclusive of fees and/or spread)",
            "Total (inclusive of fees)"
        );
        private readonly int _fees = header.FirstOf("Fees and/or Spread", "Fees");
        private readonly int _notes = header.IndexOf("Notes");

        public IEnumerable<FileRow> Read(FileCells row)
        {
            var type = row[_type];
            return type.ToLowerInvariant() switch
            {
                "buy" or "advance trade buy" or "advanced trade buy" => [Priced(TradeType.Buy)],
                "sell" or "advance trade sell" or "advanced trade sell" => [Priced(TradeType.Sell)],
                "receive" or "deposit" => [Moved(TradeType.Deposit)],
                "send" or "withdrawal" => [Moved(TradeType.Withdrawal)],
                "convert" => [Converted(row)],
                "staking income"
                or "rewards income"
                or "reward income"
                or "inflation reward"
                or "learning reward"
                or "coinbase earn"
                or "incentives rewards payout"
                or "interest payout"
                or "subscription rebate" => [Priced(TradeType.Income)],
                "retail staking transfer"
                or "retail unstaking transfer"
                or "retail eth2 deprecation"
                or "exchange deposit"
                or "exchange withdrawal"
                or "pro deposit"
                or "pro withdrawal" => [new FileRow.Skipped(row.Line, $"moves within Coinbase ({type})")],
                _ => throw new UnreadableRowException(
                    $"Transaction Type: {Cell.Shorten(type)} is not understood; record it by hand"
                ),
            };

            FileRow Priced(TradeType priced)
            {
                var entry = Entry(row, priced);
                var subtotal = Cell.Number(row[_subtotal], "Subtotal");
                return new FileRow.Entry(
                    row.Line,
                    entry with
                    {
                        Price = subtotal is null ? Cell.Number(row[_price], "price") : null,
                        Total = subtotal is { } value ? Math.Abs(value) : null,
                        Fee = Math.Abs(Cell.Number(row[_fees], "fees") ?? 0),
                        FeeAsset = entry.Quote,
                    }
                );
            }

            // The price beside what comes in is the day's: what the coins once cost is not known here.
            FileRow Moved(TradeType moved) => new FileRow.Entry(row.Line, Entry(row, moved) with { Quote = null });
        }

        private FileEntry Entry(FileCells row, TradeType type) =>
            new()
            {
                Type = type,
                At = Cell.Time(row[_time], "Timestamp"),
                Asset = row[_asset].ToUpperInvariant(),
                Quantity = Math.Abs(Cell.RequiredNumber(row[_quantity], "Quantity Transacted")),
                Quote = row[_currency].ToUpperInvariant(),
                Exchange = Exchange,
                ExternalId = row[_id] is { Length: > 0 } id ? id : null,
                Notes = row[_notes] is { Length: > 0 } notes ? notes : null,
            };

        private FileRow.Entry Converted(FileCells row)
        {
            var sold = Entry(row, TradeType.Sell);
            if (Conversion().Match(row[_notes]) is not { Success: true } says)
            {
                throw new UnreadableRowException("Notes: don't say what it was converted to");
            }

            var bought = sold with
            {
                Type = TradeType.Buy,
                Asset = says.Groups["asset"].Value.ToUpperInvariant(),
                Quantity = Cell.RequiredNumber(says.Groups["quantity"].Value, "Notes"),
            };
            if (Cell.Number(row[_subtotal], "Subtotal") is not { } subtotal || sold.Quote is null or "")
            {
                return new FileRow.Entry(row.Line, bought with { Quote = sold.Asset, Total = sold.Quantity });
            }

            // What was given is worth what was got and the fee.
            var fees = Math.Abs(Cell.Number(row[_fees], "fees") ?? 0);
            var total = Cell.Number(row[_total], "Total") is { } given ? Math.Abs(given) : Math.Abs(subtotal) + fees;
            return new FileRow.Entry(
                row.Line,
                bought with
                {
                    Total = Math.Abs(subtotal),
                    Fee = fees,
                    FeeAsset = sold.Quote,
                    Other = new OtherSide(sold.Asset, sold.Quantity, total),
                }
            );
        }
    }

    [GeneratedRegex(
        @"\AConverted\s+[0-9.,]+\s+\S+\s+to\s+(?<quantity>[0-9.,]+)\s+(?<asset>[A-Za-z0-9]+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Conversion();
}
