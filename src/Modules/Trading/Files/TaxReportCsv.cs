using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Features;
using CsvHelper;
using Microsoft.Net.Http.Headers;

namespace CryptoBeacon.Trading.Files;

/// <summary>A tax report as a CSV file: a line for each term's gain, for income, for fees and for each holding.</summary>
internal sealed class TaxReportCsv(TaxReport report) : IResult
{
    private static readonly string[] Columns = ["item", "coinId", "quantity", "cost", "price", "amount", "currency"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{TradeColumns.MediaType}; charset=utf-8";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = $"tax-{report.Year}.csv",
        }.ToString();
        await using var csv = CsvWriter.Create(response.Body, CsvWriterOptions.Default, leaveOpen: true);
        await csv.WriteRecordAsync(Columns, httpContext.RequestAborted);
        foreach (var line in Lines())
        {
            await csv.WriteRecordAsync(line, httpContext.RequestAborted);
        }

        await csv.FlushAsync(httpContext.RequestAborted);
    }

    private IEnumerable<string[]> Lines() =>
        [
            Line("short-term gain", report.ShortTermGain),
            Line("long-term gain", report.LongTermGain),
            Line("gain without a term", report.GainWithoutTerm),
            Line("income", report.Income),
            Line("fees", report.Fees),
            .. report.Holdings.Select(held =>
                Line("holding", held.Value, held.CoinId, held.Quantity, held.Cost, held.Price)
            ),
        ];

    private string[] Line(
        string item,
        decimal? amount,
        string coinId = "",
        decimal? quantity = null,
        decimal? cost = null,
        decimal? price = null
    ) => [item, coinId, Cell(quantity), Cell(cost), Cell(price), Cell(amount), report.Currency];

    private static string Cell(decimal? number) => number is { } known ? Exact.Format(known) : "";
}
