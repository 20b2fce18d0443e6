using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Configuration;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// What is read often, over HTTP: the product with all that it does for a request, beside a bare server, and for the two that are read most beside pgbench, which
/// has no HTTP at all. Each in a process of its own.
/// </summary>
internal static class ReadsBenchmark
{
    /// <summary>A variable of pgbench's: with each transaction another.</summary>
    private const string AnyTrader = ":trader::integer";

    public static async Task RunAsync()
    {
        await using var installation = await Installation.StartAsync(ServerRole.Web);
        await CompareAsync(installation, await Ledgers.FillAsync(installation, Ledgers.Users), BareReads.OfTraders);
    }

    public static async Task CompareAsync(
        Installation installation,
        IReadOnlyList<Trader> traders,
        IEnumerable<BareRead> reads
    )
    {
        await using var product = await ServerProcess.StartProductAsync(installation);
        await using var bare = await ServerProcess.StartBareAsync(installation);
        Turns.WriteHeader();
        foreach (var read in reads)
        {
            var requests = traders.Select(trader => trader.Get(read.Path(trader))).ToArray();
            await EnsureSameAnswersAsync(read, traders[0], product, bare);
            var sql = SqlOf(read);
            using var fourTrips = sql is null ? null : PgBenchOf(installation, sql, pipelined: false);
            using var oneTrip = sql is null ? null : PgBenchOf(installation, sql, pipelined: true);
            await Turns.CompareAsync(
                read.Name,
                Turns.Of(product, n => requests[n % requests.Length]),
                [
                    ("bare server", Turns.Of(bare, n => requests[n % requests.Length])),
                    .. fourTrips is null || oneTrip is null
                        ? []
                        : new[]
                        {
                            (PgBench.FourTrips, (Func<TimeSpan, Task<Speed>>)fourTrips.RunAsync),
                            (PgBench.OneTrip, oneTrip.RunAsync),
                        },
                ]
            );
        }
    }

    private static async Task EnsureSameAnswersAsync(
        BareRead read,
        Trader trader,
        ServerProcess product,
        ServerProcess bare
    )
    {
        var (own, limit) = (await AnswerAsync(product), await AnswerAsync(bare));
        if (!JsonNode.DeepEquals(own, limit))
        {
            throw new InvalidOperationException($"They do not answer the same:\n{own}\n{limit}");
        }

        async Task<JsonNode> AnswerAsync(ServerProcess server)
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", trader.AccessToken);
            var answer = JsonNode.Parse(await client.GetStringAsync(new Uri(read.Path(trader), UriKind.Relative)))!;
            if (read == BareReads.Valuation)
            {
                // When it was asked.
                answer.AsObject().Remove("asOf");
            }

            return answer;
        }
    }

    private static string? SqlOf(BareRead read) =>
        read == BareReads.Portfolio
            ? $"""
                select id, name, description, currency, is_default, cost_basis_method, created_at, updated_at, xmin as version
                from portfolios.portfolios
                where user_id = {Ledgers.UserId(AnyTrader)} and id = {Ledgers.PortfolioId(AnyTrader)};
                """
        : read == BareReads.Trades
            ? $"""
                select *
                from (
                    select id, portfolio_id, coin_id, type, quantity, case when price_basis <> 'unknown' then price end as price,
                        case when price_basis <> 'unknown' then total_value end as total_value, currency, fee, fee_currency, deduct_fees, "timestamp",
                        acquired_at, exchange, external_id, link_id, notes, tags, import_id
                    from trading.trades
                    where user_id = {Ledgers.UserId(AnyTrader)}
                    order by "timestamp" desc fetch first 51 rows with ties
                ) page
                order by "timestamp" desc, id desc limit 51;
                """
        : null;

    /// <summary>A transaction to which the user's setting is local: a statement a round trip, as pgbench has them, or all of it in one.</summary>
    private static PgBench PgBenchOf(Installation installation, string sql, bool pipelined)
    {
        var (begin, end) = pipelined ? (@"\startpipeline", @"\endpipeline") : ("begin;", "commit;");
        return new PgBench(
            installation.Connections.App,
            [
                $"""
                \set trader random({Ledgers.FirstTrader}, {Ledgers.LastTrader})
                {begin}
                select set_config('app.user_id', {Ledgers.UserId(
                    AnyTrader
                )}::text, true), set_config('app.ip_address', '127.0.0.1', true);
                {sql}
                {end}
                """,
            ]
        );
    }
}
