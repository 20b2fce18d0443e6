using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// How long a file of trades takes over HTTP, all that follows from it included, beside PostgreSQL's own COPY of the same rows into the same table
/// with its indexes and constraints, which writes neither history nor audit trail nor positions.
/// </summary>
internal static class ImportBenchmark
{
    private const int Size = 100_000;

    private static string Copy(string direction) =>
        $"""
            do $$
            begin
                execute format('copy trading.trades {direction} %L (format binary)', current_setting('data_directory') || '/trades.copy');
            end;
            $$
            """;

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync();
        var csv = Encoding.UTF8.GetBytes(Csv());
        var import = await ImportAsync(installation, csv);

        await installation.ExecuteAsync("alter table trading.trade_history disable trigger trade_history_audited");
        var unaudited = await ImportAsync(installation, csv);
        await installation.ExecuteAsync("alter table trading.trade_history enable trigger trade_history_audited");

        await installation.ExecuteAsync(
            "delete from trading.trades where import_id <> (select id from trading.trade_imports order by created_at limit 1)"
        );
        await installation.ExecuteAsync(Copy("to"));
        await installation.ExecuteAsync("truncate trading.trades");
        var copy = await MeasureAsync(() => installation.ExecuteAsync(Copy("from")));

        Console.WriteLine($"{"", 24} {"seconds", 8} {"of COPY", 8}");
        foreach (
            var (name, seconds) in new[] { ("import", import), ("import, not audited", unaudited), ("COPY", copy) }
        )
        {
            Console.WriteLine($"{name, 24} {seconds, 8:0.00} {copy / seconds, 8:0.00}");
        }
    }

    private static async Task<double> ImportAsync(Installation installation, byte[] csv)
    {
        var portfolio = await installation.PostAsync("/portfolios", new { name = "Imported" });
        return await MeasureAsync(async () =>
        {
            using var body = new ByteArrayContent(csv);
            body.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
            using var answer = await installation.User.PostAsync(
                new Uri($"/api/v1/trades/import?portfolioId={portfolio["id"]}", UriKind.Relative),
                body
            );
            answer.EnsureSuccessStatusCode();
        });
    }

    private static async Task<double> MeasureAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    private static string Csv()
    {
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var csv = new StringBuilder(
            "timestamp,coinId,type,quantity,price,currency,fee,feeCurrency,exchange,externalId\n"
        );
        for (var i = 0; i < Size; i++)
        {
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{start.AddSeconds(i):yyyy-MM-dd'T'HH:mm:ss'Z'},{(i % 2 == 0 ? "bitcoin" : "ethereum")},{(i % 3 == 2 ? "sell" : "buy")},"
            );
            csv.Append(
                CultureInfo.InvariantCulture,
                $"0.{(i % 999) + 1:0000},{100 + (i % 77)}.5,USD,0.01,USD,binance,{i}\n"
            );
        }

        return csv.ToString();
    }
}
