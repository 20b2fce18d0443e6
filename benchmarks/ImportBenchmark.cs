using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// How long a file of trades takes over HTTP, all that follows from it included, beside PostgreSQL's own COPY of the same rows into the same table
/// with its indexes and constraints, which reads no file of people, and writes neither audit trail nor positions. In turns, after a warm-up.
/// </summary>
internal static class ImportBenchmark
{
    private const int Size = 100_000;
    private const int Rounds = 7;

    private const string Imported = "select * from trading.trades where import_id is not null";

    private static string Copy(string what) =>
        $"""
            do $$
            begin
                execute format('copy {what} %L (format binary)', current_setting('data_directory') || '/trades.copy');
            end;
            $$
            """;

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync();
        await CompareAsync(installation);
    }

    public static async Task CompareAsync(Installation installation)
    {
        await installation.SignInAsync();
        await ImportAsync(installation, Csv(1_000));
        var csv = Csv(Size);
        var ratios = new List<double>();
        Console.WriteLine($"{"round", 5} {"import", 8} {"COPY", 8} {"of COPY", 8}");
        for (var round = 1; round <= Rounds; round++)
        {
            await RemoveAsync(installation);
            var import = await ImportAsync(installation, csv);
            await installation.ExecuteAsync(Copy($"({Imported}) to"));
            await RemoveAsync(installation);
            var copy = await MeasureAsync(() => installation.ExecuteAsync(Copy("trading.trades from")));
            ratios.Add(copy / import);
            Console.WriteLine($"{round, 5} {import, 8:0.00} {copy, 8:0.00} {copy / import, 8:0.00}");
        }

        ratios.Sort();
        Console.WriteLine($"of COPY: {ratios[Rounds / 2]:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})");
    }

    private static async Task RemoveAsync(Installation installation)
    {
        await installation.ExecuteAsync("delete from trading.trades where import_id is not null");
        await installation.ExecuteAsync("vacuum trading.trades");
    }

    public static async Task<double> ImportAsync(Installation installation, byte[] csv)
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

    public static byte[] Csv(int size)
    {
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var csv = new StringBuilder(
            "timestamp,coinId,type,quantity,price,currency,fee,feeCurrency,exchange,externalId\n"
        );
        for (var i = 0; i < size; i++)
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

        return Encoding.UTF8.GetBytes(csv.ToString());
    }
}
