using System.Diagnostics;
using CryptoBeacon.Application.Configuration;

namespace CryptoBeacon.Benchmarks;

/// <summary>A year of 1m candles read as 1h: right after an import, before the job has folded its hours, and afterwards, beside a bare server.</summary>
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
        var traders = await Ledgers.FillAsync(installation, users: 200);
        await MeasureUnfoldedAsync(installation, BareReads.CandleHours.Path(traders[0]));
        await installation.ExecuteAsync("select api_integration.fold_hours(now(), 10000)");
        await installation.ExecuteAsync("vacuum analyze");
        await ReadsBenchmark.CompareAsync(installation, traders, [BareReads.CandleHours]);
    }

    private static async Task MeasureUnfoldedAsync(Installation installation, string path)
    {
        var milliseconds = new List<double>();
        for (var turn = 0; turn < 7; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            await installation.User.GetByteArrayAsync(new Uri(path, UriKind.Relative));
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Console.WriteLine(
            $"a year as 1h, not folded yet: {milliseconds.Order().ElementAt(3):0} ms ({milliseconds.Min():0} to {milliseconds.Max():0})"
        );
    }
}
