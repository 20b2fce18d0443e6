using System.Text;

namespace CryptoBeacon.Trading.Files;

/// <summary>The project's own format of trades as CSV: what is written can be read back without loss, and opened in a spreadsheet without harm.</summary>
internal static class TradeColumns
{
    public const string MediaType = "text/csv";

    public const string Timestamp = "timestamp";
    public const string CoinId = "coinId";
    public const string Type = "type";
    public const string Quantity = "quantity";
    public const string Price = "price";
    public const string Currency = "currency";
    public const string Fee = "fee";
    public const string FeeCurrency = "feeCurrency";
    public const string Exchange = "exchange";
    public const string ExternalId = "externalId";
    public const string LinkId = "linkId";
    public const string Notes = "notes";
    public const string Tags = "tags";
    public const string TotalValue = "totalValue";
    public const string DeductFees = "deductFees";
    public const string AcquiredAt = "acquiredAt";

    public static readonly IReadOnlyList<string> All =
    [
        Timestamp,
        CoinId,
        Type,
        Quantity,
        Price,
        Currency,
        Fee,
        FeeCurrency,
        Exchange,
        ExternalId,
        LinkId,
        Notes,
        Tags,
        TotalValue,
        DeductFees,
        AcquiredAt,
    ];

    private const char TagSeparator = ';';
    private const char Escape = '\\';
    private const char TextMark = '\'';

    /// <summary>
    /// A text that a spreadsheet would take for a formula gets the apostrophe that marks a text there, and so does one that begins with an
    /// apostrophe, so that <see cref="FromCell"/> knows which to take away.
    /// </summary>
    public static string? ToCell(string? text) =>
        text is { Length: > 0 } && NeedsMark(text[0]) ? TextMark + text : text;

    public static string FromCell(string cell) =>
        cell is [TextMark, var second, ..] && NeedsMark(second) ? cell[1..] : cell;

    /// <summary>Separated by <c>;</c>; one that is part of a tag has a backslash before it, as has a backslash.</summary>
    public static string JoinTags(IEnumerable<string> tags) =>
        string.Join(
            TagSeparator,
            tags.Select(tag =>
                tag.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(";", @"\;", StringComparison.Ordinal)
            )
        );

    public static IReadOnlyList<string> SplitTags(string joined)
    {
        var tags = new List<string>();
        var tag = new StringBuilder();
        for (var i = 0; i < joined.Length; i++)
        {
            if (joined[i] == Escape && i + 1 < joined.Length && joined[i + 1] is TagSeparator or Escape)
            {
                tag.Append(joined[++i]);
            }
            else if (joined[i] == TagSeparator)
            {
                End();
            }
            else
            {
                tag.Append(joined[i]);
            }
        }

        End();
        return tags;

        void End()
        {
            if (tag.ToString().Trim() is { Length: > 0 } text)
            {
                tags.Add(text);
            }

            tag.Clear();
        }
    }

    // OWASP's list (CSV Injection): what begins a formula in Excel, LibreOffice or Google Sheets, full-width forms included.
    private static bool NeedsMark(char first) =>
        first is TextMark or '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';
}
