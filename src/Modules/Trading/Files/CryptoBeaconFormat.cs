using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files;

/// <summary>The project's own format, as one file has it: its columns may stand in any order.</summary>
internal sealed class CryptoBeaconFormat
{
    private static readonly string[] Required =
    [
        TradeColumns.Timestamp,
        TradeColumns.CoinId,
        TradeColumns.Type,
        TradeColumns.Quantity,
    ];

    private readonly string[] _columns;

    private CryptoBeaconFormat(string[] columns) => _columns = columns;

    /// <summary>A column that is not known is refused: it may be a misspelt one, whose content would silently be lost.</summary>
    public static Result<CryptoBeaconFormat> Recognise(IEnumerable<string> headers)
    {
        var names = headers.Select(header => header.Trim()).ToArray();
        var columns = names
            .Select(name =>
                TradeColumns.All.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase))
            )
            .ToArray();
        var problem =
            Array.FindIndex(columns, column => column is null) is >= 0 and var unknown
                ? $"has an unknown column, {Shorten(names[unknown])}"
            : columns.GroupBy(column => column).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? $"has the column {twice.Key} twice"
            : Required.FirstOrDefault(column => !columns.Contains(column)) is { } missing
                ? $"lacks the column {missing}"
            : !columns.Contains(TradeColumns.Price) && !columns.Contains(TradeColumns.TotalValue)
                ? "lacks the column price, or totalValue"
            : null;
        return problem is null
            ? new CryptoBeaconFormat(columns!)
            : Error.Invalid("format", $"cryptobeacon is not this file's: its header {problem}");
    }

    /// <param name="errors">Gets what can't be read, named by its column.</param>
    public TradeInput Read(IReadOnlyList<string> cells, List<string> errors)
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
            var index = Array.IndexOf(_columns, column);
            var text = index < 0 ? "" : TradeColumns.FromCell(cells[index].Trim(' ')).Trim();
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

    private static string Shorten(string name) => name.Length <= 50 ? $"\"{name}\"" : $"\"{name[..50]}…\"";
}
