using CryptoBeacon.Application.Configuration;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>Ten times the data: 100,000 users with 10,000,000 trades. What is read, written and imported beside the same limits, and how PostgreSQL goes about it.</summary>
internal static class GrownBenchmark
{
    private const int Times = 10;

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web);
        var traders = await Ledgers.FillAsync(installation, Times * Ledgers.Users);
        await WritePlansAsync(installation, traders[0]);
        await ReadsBenchmark.CompareAsync(installation, traders, BareReads.OfTraders);
        await TradeBenchmark.CompareAsync(installation, traders);
        await ImportBenchmark.CompareAsync(installation);
    }

    /// <summary>As the login of requests, so that the policies of row-level security are part of them.</summary>
    private static async Task WritePlansAsync(Installation installation, Trader trader)
    {
        await using var connection = new NpgsqlConnection(installation.Connections.App);
        await connection.OpenAsync();
        foreach (var read in BareReads.OfTraders)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var batch = new NpgsqlBatch(connection, transaction);
            batch.BatchCommands.Add(
                new("select set_config('app.user_id', $1, true)")
                {
                    Parameters = { new() { Value = $"{trader.UserId}" } },
                }
            );
            var ids = new RouteValueDictionary { ["id"] = $"{IdIn(read, trader)}" };
            read.Ask(batch, trader.UserId, ids);
            foreach (var command in batch.BatchCommands.Cast<NpgsqlBatchCommand>().Skip(1))
            {
                command.CommandText = $"explain (costs off) {command.CommandText}";
            }

            Console.WriteLine($"-- {read.Name}");
            await using var plan = await batch.ExecuteReaderAsync();
            while (await plan.NextResultAsync())
            {
                while (await plan.ReadAsync())
                {
                    Console.WriteLine(plan.GetString(0));
                }
            }
        }
    }

    private static Guid IdIn(BareRead read, Trader trader) =>
        read == BareReads.Watchlist ? trader.WatchlistId : trader.PortfolioId;
}
