using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files;

/// <summary>The project's own format: its columns may stand in any order.</summary>
internal sealed class CryptoBeaconFormat : ITradeFormat
{
    private static readonly string[] Required =
    [
        TradeColumns.Timestamp,
        TradeColumns.CoinId,
        TradeColumns.Type,
        TradeColumns.Quantity,
    ];

    public ImportFormat Format => ImportFormat.Cryptobeacon;

    public ITradeReader? Recognise(FileHeader header) => Complaint(header) is null ? new Reader(header) : null;

    /// <summary>Whether it is one of ours with a fault rather than another's.</summary>
    public static bool Resembles(FileHeader header) =>
        header.Has(TradeColumns.CoinId) || header.Has(TradeColumns.Timestamp, TradeColumns.Quantity);

    /// <summary>
    /// What is wrong with a header. A column that is not known is refused: it may be a misspelt one, whose content would silently be lost.
    /// </summary>
    public static string? Complaint(FileHeader header) =>
        header.Columns.FirstOrDefault(name => ColumnOf(name) is null) is { } unknown
            ? $"has an unknown column, {Cell.Shorten(unknown)}"
        : header.Columns.GroupBy(ColumnOf).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? $"has the column {twice.Key} twice"
        : Required.FirstOrDefault(column => !header.Has(column)) is { } missing ? $"lacks the column {missing}"
        : !header.Has(TradeColumns.Price) && !header.Has(TradeColumns.TotalValue)
            ? "lacks the column price, or totalValue"
        : null;

    private static string? ColumnOf(string name) =>
        TradeColumns.All.FirstOrDefault(column => column.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));

    private sealed class Reader(FileHeader header) : ITradeReader
    {
        private readonly Dictionary<string, int> _columns = TradeColumns.All.ToDictionary(
            column => column,
            header.IndexOf
        );

        public IEnumerable<FileRow> Read(FileCells row)
        {
            var errors = new List<string>();
            var trade = Read(row, errors);
            return
            [
                errors.Count == 0
                    ? new FileRow.Trade(row.Line, trade)
                    : new FileRow.Rejected(row.Line, string.Join("; ", errors)),
            ];
        }

        /// <param name="errors">Gets what can't be read, named by its column.</param>
        private TradeInput Read(FileCells row, List<string> errors)
        {
            return new TradeInput
            {
                Timestamp = Value(
                    TradeColumns.Timestamp,
                    "must be a time with an offset, such as 2026-01-31T12:00:00Z",
                    Time
                ),
                CoinId = Text(TradeColumns.CoinId),
                Type = Value(TradeColumns.Type, $"must be one of {string.Join(", ", WireName.All<TradeType>())}", Type),
                Quantity = Value(TradeColumns.Quantity, Exact.Rule, Number),
                Price = Value(TradeColumns.Price, Exact.Rule, Number),
                TotalValue = Value(TradeColumns.TotalValue, Exact.Rule, Number),
                Currency = Text(TradeColumns.Currency),
                Fee = Value(TradeColumns.Fee, Exact.Rule, Number),
                FeeCurrency = Text(TradeColumns.FeeCurrency),
                DeductFees = Value(TradeColumns.DeductFees, "must be true or false", Flag),
                AcquiredAt = Value(TradeColumns.AcquiredAt, "must be a time with an offset", Time),
                Exchange = Text(TradeColumns.Exchange),
                ExternalId = Text(TradeColumns.ExternalId),
                LinkId = Text(TradeColumns.LinkId),
                Notes = Text(TradeColumns.Notes),
                Tags = Text(TradeColumns.Tags) is { } tags ? TradeColumns.SplitTags(tags) : null,
            };

            string? Text(string column)
            {
                var index = _columns[column];
                var text = index < 0 ? "" : TradeColumns.FromCell(row.Cells[index].Trim(' ')).Trim();
                return text.Length == 0 ? null : text;
            }

            T? Value<T>(string column, string rule, Func<string, T?> parse)
                where T : struct
            {
                if (Text(column) is not { } text)
                {
                    return Required.Contains(column) ? Refuse<T>(column, "is required") : null;
                }

                return parse(text) ?? Refuse<T>(column, rule);
            }

            T? Refuse<T>(string column, string rule)
                where T : struct
            {
                errors.Add($"{column}: {rule}");
                return null;
            }
        }

        private static decimal? Number(string text) =>
            Exact.TryParse(text, allowExponent: false, out var number) ? number : null;

        private static DateTimeOffset? Time(string text) => UtcTime.TryParse(text, out var time) ? time : null;

        private static TradeType? Type(string text) =>
            WireName.TryParse<TradeType>(text.ToLowerInvariant(), out var type) ? type : null;

        private static bool? Flag(string text) => bool.TryParse(text, out var flag) ? flag : null;
    }
}
