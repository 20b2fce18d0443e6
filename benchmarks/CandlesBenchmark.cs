using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Infrastructure.Persistence;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// A year of 1m candles read as 1h, and a month of them as they are, over HTTP, beside a bare endpoint that selects the same rows as the same login and writes the
/// same JSON by hand.
/// </summary>
internal static class CandlesBenchmark
{
    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web);
        await installation.ExecuteAsync(
            """
            insert into api_integration.candles (coin_id, currency, interval, open_time, open, high, low, close, volume, is_imported)
            select 'bitcoin', 'USD', '1m', timestamptz '2023-01-01Z' + n * interval '1 minute', 20000.5 + n % 977, 20010.25 + n % 977, 19990.75 + n % 977,
                20003.125 + n % 977, 1.25 + n % 77 * 0.001, true
            from generate_series(0, 525599) n
            """
        );
        await MeasureUnfoldedAsync(installation);
        await installation.ExecuteAsync("select api_integration.fold_hours(now(), 10000)");
        await installation.ExecuteAsync("vacuum analyze api_integration.candles");
        await installation.ExecuteAsync("vacuum analyze api_integration.candle_hours");
        await installation.ExecuteAsync("vacuum analyze api_integration.unfolded_hours");

        Turns.WriteHeader();
        await CompareAsync(
            installation,
            "a year as 1h",
            "interval=1h&from=2023-01-01T00:00:00Z&to=2024-01-01T00:00:00Z",
            """
            select open_time, open, high, low, close, volume
            from api_integration.candle_hours
            where coin_id = $1 and currency = $2 and open_time >= $3 and open_time < $4
            order by open_time
            """,
            new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc)
        );
        await CompareAsync(
            installation,
            "31 days of 1m",
            "interval=1m&from=2023-01-01T00:00:00Z&to=2023-02-01T00:00:00Z",
            """
            select open_time, open, high, low, close, volume
            from api_integration.candles
            where coin_id = $1 and currency = $2 and interval = '1m' and open_time >= $3 and open_time < $4
            order by open_time
            """,
            new DateTime(2023, 2, 1, 0, 0, 0, DateTimeKind.Utc)
        );
    }

    /// <summary>Right after an import, before the job has folded its hours.</summary>
    private static async Task MeasureUnfoldedAsync(Installation installation)
    {
        await installation.ExecuteAsync("analyze api_integration.candles, api_integration.unfolded_hours");
        var milliseconds = new List<double>();
        for (var turn = 0; turn < 7; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            await installation.User.GetByteArrayAsync(
                "/api/v1/market/candles/bitcoin?interval=1h&from=2023-01-01T00:00:00Z&to=2024-01-01T00:00:00Z"
            );
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Console.WriteLine(
            $"a year as 1h, not folded yet: {milliseconds.Order().ElementAt(3):0} ms ({milliseconds.Min():0} to {milliseconds.Max():0})"
        );
    }

    private static async Task CompareAsync(
        Installation installation,
        string name,
        string query,
        string sql,
        DateTime to
    )
    {
        await using var bare = await BareServer.StartAsync(context =>
            AnswerAsync(context, installation.Service<DataSources>().App, sql, to)
        );
        var path = $"/api/v1/market/candles/bitcoin?{query}";
        using var asked = JsonDocument.Parse(await installation.User.GetStringAsync(path));
        using var limit = JsonDocument.Parse(await bare.Client.GetStringAsync("/"));
        if (!JsonElement.DeepEquals(asked.RootElement, limit.RootElement))
        {
            throw new InvalidOperationException("The two do not answer the same.");
        }

        await Turns.CompareAsync(
            name,
            () => installation.User.GetByteArrayAsync(path),
            () => bare.Client.GetByteArrayAsync("/")
        );
    }

    private static async Task AnswerAsync(HttpContext context, NpgsqlDataSource database, string sql, DateTime to)
    {
        await using var select = database.CreateCommand(sql);
        select.Parameters.Add(new() { Value = "bitcoin" });
        select.Parameters.Add(new() { Value = "USD" });
        select.Parameters.Add(new() { Value = new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc) });
        select.Parameters.Add(new() { Value = to });
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("items");
        await using var row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            json.WriteStartObject();
            json.WriteString("time", row.GetDateTime(0));
            json.WriteString("open", Plain(row.GetDecimal(1)));
            json.WriteString("high", Plain(row.GetDecimal(2)));
            json.WriteString("low", Plain(row.GetDecimal(3)));
            json.WriteString("close", Plain(row.GetDecimal(4)));
            json.WriteString("volume", Plain(row.GetDecimal(5)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("nextCursor");
        json.WriteEndObject();
        await json.FlushAsync();
    }

    /// <summary>Without the zeros that addition left behind.</summary>
    private static string Plain(decimal value) =>
        value.ToString("0.############################", CultureInfo.InvariantCulture);
}
