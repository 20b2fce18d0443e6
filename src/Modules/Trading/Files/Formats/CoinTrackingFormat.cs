using System.Globalization;
using System.Text.RegularExpressions;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>CoinTracking's list of trades: what came, what went and the fee, each followed by a column named <c>Cur.</c></summary>
internal sealed partial class CoinTrackingFormat : ITradeFormat
{
    public ImportFormat Format => ImportFormat.Cointracking;

    public ITradeReader? Recognise(FileHeader header) =>
        header.Has("Type", "Buy", "Sell", "Fee", "Exchange", "Date")
        && new[] { "Buy", "Sell", "Fee" }.All(amount =>
            header
                .Columns.ElementAtOrDefault(header.IndexOf(amount) + 1)
                ?.Trim()
                .StartsWith("Cur", StringComparison.OrdinalIgnoreCase) == true
        )
            ? new Reader(header)
            : null;

    private sealed partial class Reader(FileHeader header) : ITradeReader
    {
        private readonly int _type = header.IndexOf("Type");
        private readonly int _buy = header.IndexOf("Buy");
        private readonly int _sell = header.IndexOf("Sell");
        private readonly int _fee = header.IndexOf("Fee");
        private readonly int _exchange = header.IndexOf("Exchange");
        private readonly int _comment = header.IndexOf("Comment");
        private readonly int _time = header.IndexOf("Date");
        private readonly int _txId = header.FirstOf("Tx-ID", "Trade ID");

        public IEnumerable<FileRow> Read(FileCells row)
        {
            var type = row[_type];
            return
            [
                new FileRow.Entry(
                    row.Line,
                    type.ToLowerInvariant() switch
                    {
                        "trade" => Trade(row),
                        "deposit" => Entry(row, TradeType.Deposit, _buy),
                        "withdrawal" => Entry(row, TradeType.Withdrawal, _sell),
                        "income"
                        or "income (non taxable)"
                        or "gift/tip"
                        or "reward / bonus"
                        or "mining"
                        or "mining (commercial)"
                        or "minting"
                        or "masternode"
                        or "staking"
                        or "airdrop"
                        or "airdrop (non taxable)"
                        or "interest income"
                        or "lending income"
                        or "dividends income"
                        or "lp rewards" => Entry(row, TradeType.Income, _buy),
                        "spend" or "gift" or "donation" or "lost" or "stolen" => Entry(
                            row,
                            TradeType.Withdrawal,
                            _sell
                        ),
                        _ => throw new UnreadableRowException(
                            $"Type: {Cell.Shorten(type)} is not understood; record it by hand"
                        ),
                    }
                ),
            ];
        }

        private FileEntry Trade(FileCells row)
        {
            var (bought, sold) = (Entry(row, TradeType.Buy, _buy), Entry(row, TradeType.Sell, _sell));
            return header.Symbols.IsMoney(bought.Asset) && !header.Symbols.IsMoney(sold.Asset)
                ? sold with
                {
                    Quote = bought.Asset,
                    Total = bought.Quantity,
                }
                : bought with
                {
                    Quote = sold.Asset,
                    Total = sold.Quantity,
                };
        }

        private FileEntry Entry(FileCells row, TradeType type, int amount)
        {
            var name = header.Columns[amount];
            return new FileEntry
            {
                Type = type,
                At = Time(row[_time]),
                Asset = row[amount + 1] is { Length: > 0 } asset
                    ? asset.ToUpperInvariant()
                    : throw new UnreadableRowException($"{name}: lacks its currency"),
                Quantity = Cell.RequiredNumber(row[amount], name),
                Fee = Cell.Number(row[_fee], "Fee") ?? 0,
                FeeAsset = row[_fee + 1] is { Length: > 0 } feeAsset ? feeAsset.ToUpperInvariant() : null,
                Exchange = row[_exchange] is { Length: > 0 } exchange ? exchange : null,
                ExternalId = row[_txId] is { Length: > 0 } id ? id : null,
                Notes = row[_comment] is { Length: > 0 } comment ? comment : null,
            };
        }

        /// <summary>Its users choose the form of their dates; with slashes, most days of a month leave open which number is the month.</summary>
        private static DateTimeOffset Time(string text)
        {
            if (Slashed().Match(text) is not { Success: true } match)
            {
                return Cell.Time(text, "Date");
            }

            var numbers = match.Groups.Values.Skip(1).Select(Number).ToArray();
            var (day, month) = numbers[1] > 12 ? (numbers[1], numbers[0]) : (numbers[0], numbers[1]);
            return numbers[0] <= 12 && numbers[1] <= 12 && numbers[0] != numbers[1]
                ? throw new UnreadableRowException(
                    $"Date: {Cell.Shorten(text)} may be a day in two months; export the list with dates such as 2017-09-05"
                )
                : Cell.Time(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{numbers[2]:0000}-{month:00}-{day:00} {numbers[3]:00}:{numbers[4]:00}:{numbers[5]:00}"
                    ),
                    "Date"
                );

            static int Number(Group digits) =>
                digits.Length == 0 ? 0 : int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);
        }

        [GeneratedRegex(
            @"\A([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}) ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\z",
            RegexOptions.CultureInvariant
        )]
        private static partial Regex Slashed();
    }
}
