using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>Bitstamp's transactions: amounts with their symbol in one cell, or, since 2023, in two.</summary>
internal sealed class BitstampFormat : ITradeFormat
{
    public const string Exchange = "bitstamp";

    public ImportFormat Format => ImportFormat.Bitstamp;

    public ITradeReader? Recognise(FileHeader header) =>
        header.Has("Type", "Datetime", "Account", "Amount", "Value", "Rate", "Fee")
        && header.FirstOf("Sub Type", "Subtype") >= 0
            ? new Reader(header)
            : null;

    private sealed class Reader(FileHeader header) : ITradeReader
    {
        private readonly int _id = header.IndexOf("ID");
        private readonly int _type = header.IndexOf("Type");
        private readonly int _subtype = header.FirstOf("Sub Type", "Subtype");
        private readonly int _time = header.IndexOf("Datetime");

        public IEnumerable<FileRow> Read(FileCells row)
        {
            var (amount, asset) = Amount(row, "Amount") ?? throw new UnreadableRowException("Amount: is required");
            var fee = Amount(row, "Fee");
            var entry = new FileEntry
            {
                Type = TradeType.Deposit,
                At = Cell.Time(row[_time], "Datetime"),
                Asset = asset,
                Quantity = Math.Abs(amount),
                Fee = fee?.Number ?? 0,
                FeeAsset = fee?.Asset,
                Exchange = Exchange,
                ExternalId = row[_id] is { Length: > 0 } id ? id : null,
            };
            var type = row[_type].ToLowerInvariant();
            return type switch
            {
                "market" => [Market(row, entry)],
                "deposit" or "crypto deposit" or "card deposit" or "ripple deposit" =>
                [
                    new FileRow.Entry(row.Line, entry),
                ],
                "withdrawal" or "crypto withdrawal" or "ripple payment" =>
                [
                    new FileRow.Entry(row.Line, entry with { Type = TradeType.Withdrawal }),
                ],
                "staking reward" or "referral reward" or "earn interest" or "eth2 staking reward" or "airdrop" =>
                [
                    new FileRow.Entry(row.Line, entry with { Type = TradeType.Income }),
                ],
                "sub account transfer" or "staked assets" or "unstaked assets" =>
                [
                    new FileRow.Skipped(row.Line, $"moves within Bitstamp ({type})"),
                ],
                _ => throw new UnreadableRowException(
                    $"Type: {Cell.Shorten(row[_type])} is not understood; record it by hand"
                ),
            };
        }

        private FileRow.Entry Market(FileCells row, FileEntry entry)
        {
            var (value, quote) = Amount(row, "Value") ?? throw new UnreadableRowException("Value: is required");
            return new FileRow.Entry(
                row.Line,
                entry with
                {
                    Type = row[_subtype].ToLowerInvariant() switch
                    {
                        "buy" => TradeType.Buy,
                        "sell" => TradeType.Sell,
                        var other => throw new UnreadableRowException(
                            $"Sub Type: {Cell.Shorten(other)} must be Buy or Sell"
                        ),
                    },
                    Quote = quote,
                    Total = Math.Abs(value),
                }
            );
        }

        private (decimal Number, string Asset)? Amount(FileCells row, string column)
        {
            var text = row[header.IndexOf(column)];
            return header.IndexOf($"{column} currency") is >= 0 and var currency
                ? Cell.Number(text, column) is { } number
                    ? (number, row[currency].ToUpperInvariant())
                    : null
                : Cell.Amount(text, column);
        }
    }
}
