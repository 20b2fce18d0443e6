using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// How PostgreSQL goes about what the product asks it, functions and triggers included: the plans that really ran, those of prepared statements too, as
/// its own auto_explain logs them.
/// </summary>
/// <param name="installation">Started so that its sessions can tell.</param>
internal sealed partial class Plans(Installation installation)
{
    private const int ShownOfQuery = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Prints each plan that <paramref name="work"/> is the first to need.</summary>
    public async Task WriteAsync(string name, Func<Task> work)
    {
        var mark = new FileInfo(installation.PostgresLog).Length;
        await LogAsync(minimum: 0);
        try
        {
            await work();
        }
        finally
        {
            await LogAsync(minimum: -1);
        }

        Console.WriteLine($"== {name}");
        await using var log = new FileStream(
            installation.PostgresLog,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        );
        log.Position = mark;
        using var reader = new StreamReader(log);
        foreach (var (query, plan) in Entries(await reader.ReadToEndAsync()))
        {
            if (_known.Add($"{query}\n{plan}"))
            {
                Console.WriteLine($"-- {query}\n{plan}");
            }
        }
    }

    private async Task LogAsync(int minimum)
    {
        // PostgreSQL knows the settings of a library where it is loaded, and takes one a statement.
        await using var connection = await installation.ConnectAsync();
        foreach (
            var statement in new[]
            {
                "load 'auto_explain'",
                "alter system set auto_explain.log_nested_statements = on",
                $"alter system set auto_explain.log_min_duration = {minimum}",
                "select pg_reload_conf()",
            }
        )
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }

        // The signal goes to the postmaster first, and on from there; other sessions have it a moment later than this one.
        var start = Stopwatch.GetTimestamp();
        await using var shown = new NpgsqlCommand("show auto_explain.log_min_duration", connection);
        while ((string)(await shown.ExecuteScalarAsync())! != (minimum < 0 ? "-1" : $"{minimum}"))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException("PostgreSQL did not take the setting over.");
            }

            await Task.Delay(Look);
        }

        await Task.Delay(Rest);
    }

    private static IEnumerable<(string Query, string Plan)> Entries(string log) =>
        from Match entry in Entry().Matches(log)
        let text = entry.Groups["text"].Value.Replace("\n\t", "\n", StringComparison.Ordinal)
        let lines = text.Split('\n')
        let query = lines.TakeWhile(line => !Costs().IsMatch(line))
        let plan = lines.Skip(query.Count())
        where plan.Any(line => line.Contains(" on ", StringComparison.Ordinal))
        select (Short(string.Join(' ', query)), string.Join('\n', plan.Select(line => Costs().Replace(line, ""))));

    private static string Short(string query)
    {
        var line = Blanks().Replace(query, " ").Trim();
        return line.Length > ShownOfQuery ? $"{line[..ShownOfQuery]}…" : line;
    }

    [GeneratedRegex(@"plan:\n\tQuery Text: (?<text>[^\n]*(\n\t[^\n]*)*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();

    [GeneratedRegex(@"  \(cost=.*\)$")]
    private static partial Regex Costs();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
