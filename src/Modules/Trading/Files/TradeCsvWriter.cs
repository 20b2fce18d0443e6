using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Features;
using CsvHelper;

namespace CryptoBeacon.Trading.Files;

/// <summary>Writes trades in the project's own format, row by row.</summary>
internal static class TradeCsvWriter
{
    public static async Task WriteAsync(
        IAsyncEnumerable<TradeDto> trades,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        await using var csv = CsvWriter.Create(output, CsvWriterOptions.Default, leaveOpen: true);
        await csv.WriteRecordAsync([.. TradeColumns.All], cancellationToken);
        await foreach (var trade in trades.WithCancellation(cancellationToken))
        {
            await csv.WriteRecordAsync(
                [.. TradeColumns.All.Select(column => Cell(trade, column) ?? "")],
                cancellationToken
            );
        }

        await csv.FlushAsync(cancellationToken);
    }

    private static string? Cell(TradeDto trade, string column) =>
        column switch
        {
            TradeColumns.Timestamp => UtcTime.Format(trade.Timestamp),
            TradeColumns.CoinId => trade.CoinId,
            TradeColumns.Type => WireName.Of(trade.Type),
            TradeColumns.Quantity => Exact.Format(trade.Quantity),
            TradeColumns.Price => Format(trade.Price),
            TradeColumns.Currency => trade.Currency,
            TradeColumns.Fee => Exact.Format(trade.Fee),
            TradeColumns.FeeCurrency => trade.FeeCurrency,
            TradeColumns.Exchange => TradeColumns.ToCell(trade.Exchange),
            TradeColumns.ExternalId => TradeColumns.ToCell(trade.ExternalId),
            TradeColumns.LinkId => TradeColumns.ToCell(trade.LinkId),
            TradeColumns.Notes => TradeColumns.ToCell(trade.Notes),
            TradeColumns.Tags => TradeColumns.ToCell(TradeColumns.JoinTags(trade.Tags)),
            TradeColumns.TotalValue => Format(trade.TotalValue),
            TradeColumns.DeductFees => trade.DeductFees ? "true" : "false",
            TradeColumns.AcquiredAt => trade.AcquiredAt is { } at ? UtcTime.Format(at) : null,
            _ => throw new ArgumentOutOfRangeException(nameof(column), column, "is not a column of the format"),
        };

    private static string? Format(decimal? number) => number is { } known ? Exact.Format(known) : null;
}
