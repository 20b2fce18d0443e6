using System.Text;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.UnitTests.Trading.Files;

/// <summary>The vocabulary of tests about files: what a text says as trades, with a catalogue of a few coins.</summary>
internal static class TradeFiles
{
    private static readonly CoinsOfSymbol[] Catalogue =
    [
        .. new[]
        {
            "BTC:bitcoin",
            "ETH:ethereum",
            "LTC:litecoin",
            "ADA:cardano",
            "SOL:solana",
            "BNB:binancecoin",
            "USDT:tether",
            "USDC:usd-coin",
            "1INCH:1inch",
            "DOGE:dogecoin",
        }
            .Select(coin => coin.Split(':'))
            .Select(coin => new CoinsOfSymbol(coin[0], [coin[1]], IsFiat: false)),
        new("USD", ["usd"], IsFiat: true),
        new("EUR", ["eur"], IsFiat: true),
        new("TWIN", ["twin-a", "twin-b"], IsFiat: false),
    ];

    public static SymbolTable Symbols(string? mapping = null) => new(SymbolTable.ReadMapping(mapping)!, Catalogue);

    /// <summary>Each row in one line of text, such as <c>3 buy 0.5 BTC for 100 EUR, fee 0.1 EUR</c>.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(
        string text,
        ImportFormat format = ImportFormat.Auto,
        string? fileName = null
    ) => [.. (await RowsAsync(text, format, fileName)).Select(Describe)];

    public static async Task<IReadOnlyList<FileRow>> RowsAsync(
        string text,
        ImportFormat format = ImportFormat.Auto,
        string? fileName = null
    )
    {
        var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var opened = await TradeFile.OpenAsync(
            content,
            Encoding.UTF8,
            format,
            fileName,
            Symbols(),
            CancellationToken.None
        );
        Assert.That(opened.IsSuccess, Is.True, opened.Error?.ToString());
        await using var file = opened.Value;
        return await file.ReadAsync(CancellationToken.None).ToListAsync();
    }

    public static string Describe(FileRow row) =>
        row switch
        {
            FileRow.Entry { Says: var entry } =>
                $"{row.Line} {WireName.Of(entry.Type)} {Number(entry.Quantity)} {entry.Asset}"
                    + (entry.Total is { } total ? $" for {Number(total)} {entry.Quote}" : "")
                    + (entry is { Total: null, Price: { } price } ? $" at {Number(price)} {entry.Quote}" : "")
                    + (entry.Fee > 0 ? $", fee {Number(entry.Fee)} {entry.FeeAsset}" : ""),
            FileRow.Skipped skipped => $"{row.Line} skipped: {skipped.Reason}",
            FileRow.Rejected rejected => $"{row.Line} rejected: {rejected.Error}",
            FileRow.Trade trade => $"{row.Line} {trade.Input.Type} {trade.Input.CoinId}",
            _ => throw new NotSupportedException(),
        };

    private static string Number(decimal number) => CryptoBeacon.Domain.Values.Exact.Format(number);
}
