using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>
/// Binance's spot exports: the trade history of today (<c>Executed</c>, <c>Amount</c>, with the assets as suffixes), that of old (<c>Market</c>,
/// <c>Fee Coin</c>), and the order history, which knows no fees.
/// </summary>
internal sealed class BinanceFormat : ITradeFormat
{
    public const string Exchange = "binance";

    /// <summary>What its markets have been priced in; its symbols don't say where the base ends.</summary>
    private static readonly string[] Quotes =
    [
        "USDT",
        "FDUSD",
        "USDC",
        "BUSD",
        "TUSD",
        "USDP",
        "USDS",
        "PAX",
        "DAI",
        "UST",
        "USD1",
        "USDE",
        "USD",
        "BTC",
        "ETH",
        "BNB",
        "XRP",
        "TRX",
        "DOGE",
        "DOT",
        "SOL",
        "EUR",
        "EURI",
        "AEUR",
        "GBP",
        "AUD",
        "TRY",
        "BRL",
        "RUB",
        "UAH",
        "NGN",
        "ZAR",
        "PLN",
        "RON",
        "ARS",
        "JPY",
        "MXN",
        "COP",
        "CZK",
        "KZT",
        "IDRT",
        "BIDR",
        "BKRW",
        "BVND",
        "VAI",
        "GYEN",
    ];

    public ImportFormat Format => ImportFormat.Binance;

    public ITradeReader? Recognise(FileHeader header)
    {
        var time = Array.FindIndex(
            [.. header.Columns],
            column => column.Trim() is "Time" or "Date" || IsTimeWithOffset(column.Trim())
        );
        var pair = header.FirstOf("Pair", "Market");
        if (time < 0 || pair < 0 || IsOffsetUnclear(header.Columns[time]))
        {
            return null;
        }

        var columns = new Columns(
            time,
            pair,
            Side: header.FirstOf("Side", "Type"),
            Price: header.FirstOf("Average Price", "AvgTrading Price", "Price"),
            // An order history has Order Amount beside what was filled of it.
            Quantity: header.Has("Executed") ? header.IndexOf("Executed")
                : header.Has("Filled") ? header.IndexOf("Filled")
                : header.IndexOf("Amount"),
            Total: header.FirstOf("Trading total", "Total") is >= 0 and var total ? total : header.IndexOf("Amount"),
            Fee: header.IndexOf("Fee"),
            FeeAsset: header.FirstOf("Fee Coin", "Fee Asset"),
            OrderId: header.FirstOf("OrderNo", "Order No.", "Order No"),
            Status: header.IndexOf("Status")
        );
        return
            columns
                is { Side: < 0 }
                    or { Price: < 0 }
                    or { Quantity: < 0 }
                    or { Total: < 0 }
                    or { Fee: < 0, Status: < 0 }
            ? null
            : new Reader(
                columns,
                Cell.UtcOffset(header.Columns[time]) ?? Cell.UtcOffset(header.FileName) ?? TimeSpan.Zero,
                Quotes.Concat(header.Symbols.Mapped).ToHashSet()
            );
    }

    private static bool IsTimeWithOffset(string column) =>
        column.StartsWith("Date(UTC", StringComparison.OrdinalIgnoreCase)
        || column.StartsWith("Time(UTC", StringComparison.OrdinalIgnoreCase);

    /// <summary>Times whose offset can't be read would be wrong by hours.</summary>
    private static bool IsOffsetUnclear(string column) =>
        IsTimeWithOffset(column.Trim())
        && !column.Contains("(UTC)", StringComparison.OrdinalIgnoreCase)
        && Cell.UtcOffset(column) is null;

    private sealed record Columns(
        int Time,
        int Pair,
        int Side,
        int Price,
        int Quantity,
        int Total,
        int Fee,
        int FeeAsset,
        int OrderId,
        int Status
    );

    private sealed class Reader(Columns columns, TimeSpan offset, IReadOnlySet<string> quotes) : ITradeReader
    {
        public IEnumerable<FileRow> Read(FileCells row)
        {
            if (row[columns.Pair].Length == 0 || row[columns.Time].Length == 0 || row[columns.Pair] == "Trading Price")
            {
                // The order history of 2021 lists the fills below each order, in columns of their own.
                return [new FileRow.Skipped(row.Line, "is a detail of the order above it")];
            }

            var pair = PairOf(row);
            var quantity = Cell.NumberOf(pair.Base, row[columns.Quantity], "quantity") ?? 0;
            if (columns.Status >= 0 && quantity == 0)
            {
                return
                [
                    new FileRow.Skipped(row.Line, $"is an order of which nothing was filled ({row[columns.Status]})"),
                ];
            }

            var (fee, feeAsset) = Fee(row, pair);
            return
            [
                new FileRow.Entry(
                    row.Line,
                    new FileEntry
                    {
                        Type = Side(row[columns.Side]),
                        At = Cell.Time(row[columns.Time], "time", offset),
                        Asset = pair.Base,
                        Quantity = quantity,
                        Quote = pair.Quote,
                        Price = Cell.NumberOf(pair.Quote, row[columns.Price], "price"),
                        Total = Cell.NumberOf(pair.Quote, row[columns.Total], "total"),
                        Fee = fee,
                        FeeAsset = feeAsset,
                        Exchange = Exchange,
                        // Orders count by themselves: an order's id is no fill's.
                        ExternalId = row[columns.OrderId] is { Length: > 0 } order
                            ? $"order {pair.Base}{pair.Quote} {order}"
                            : null,
                    }
                ),
            ];
        }

        /// <summary>Where nobody knows the quote, the assets that the amounts carry tell it.</summary>
        private AssetPair PairOf(FileCells row)
        {
            var text = row[columns.Pair];
            if (AssetPair.Split(text, quotes) is { } pair)
            {
                return pair;
            }

            for (var i = 1; i < text.Length; i++)
            {
                if (EndsWith(columns.Quantity, text[..i]) && EndsWith(columns.Total, text[i..]))
                {
                    return new AssetPair(text[..i].ToUpperInvariant(), text[i..].ToUpperInvariant());
                }
            }

            throw new UnreadableRowException($"{Cell.Shorten(text)} is no pair of known symbols");

            bool EndsWith(int column, string asset) => row[column].EndsWith(asset, StringComparison.OrdinalIgnoreCase);
        }

        private (decimal Fee, string? Asset) Fee(FileCells row, AssetPair pair)
        {
            var text = row[columns.Fee];
            if (columns.FeeAsset >= 0)
            {
                var asset = row[columns.FeeAsset].ToUpperInvariant();
                return (Cell.Number(text, "fee") ?? 0, asset.Length == 0 ? null : asset);
            }

            // 0.1001INCH: the pair's own assets first, since a symbol may begin with digits.
            foreach (var asset in new[] { pair.Base, pair.Quote })
            {
                if (text.EndsWith(asset, StringComparison.OrdinalIgnoreCase))
                {
                    return (Cell.NumberOf(asset, text, "fee") ?? 0, asset);
                }
            }

            var digits = text.TakeWhile(c => !char.IsLetter(c)).Count();
            return (
                Cell.Number(text[..digits].Trim(), "fee") ?? 0,
                digits < text.Length ? text[digits..].ToUpperInvariant() : null
            );
        }

        private static TradeType Side(string side) =>
            side.ToUpperInvariant() switch
            {
                "BUY" => TradeType.Buy,
                "SELL" => TradeType.Sell,
                _ => throw new UnreadableRowException($"side: {Cell.Shorten(side)} must be BUY or SELL"),
            };
    }
}
