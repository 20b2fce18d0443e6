using System.Text.Json.Nodes;
using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.ApiIntegration.Jobs;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Infrastructure.Jobs;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class SyncTests : AccountTest
{
    [Test]
    public async Task The_account_s_fills_become_trades_once()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var first = await SyncAsync(key, portfolio);
        var second = await SyncAsync(key, portfolio);

        Assert.That(first["status"]!.ToString(), Is.EqualTo("succeeded"), first.ToJsonString());
        Assert.That(first["progress"]!.ToString(), Is.EqualTo("1"));
        Assert.That(first["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(second["result"]!["imported"]!.GetValue<int>(), Is.Zero);
        Assert.That(second["result"]!["importId"], Is.Null);
        var trades = await TradesAsync(portfolio);
        Assert.That(
            trades.Select(trade =>
                $"{trade!["externalId"]} {trade["coinId"]} {trade["quantity"]} {trade["totalValue"]} {trade["currency"]} {trade["exchange"]}"
            ),
            Is.EquivalentTo(
                new[]
                {
                    "THVRQM-33VKH-UCI7BS bitcoin 0.02 600.2 USD kraken",
                    "TCWJEG-FL4SZ-3FKGH6 bitcoin 0.01 300.1 USD kraken",
                }
            )
        );
        Assert.That(
            (await User.GetAsync($"{key}/sync-runs")).ShouldBe(200).Items.Select(run => run!["id"]!.ToString()),
            Is.EqualTo(new[] { second["id"]!.ToString(), first["id"]!.ToString() })
        );
        Assert.That((await User.GetAsync(key))["lastUsed"], Is.Not.Null);
    }

    [Test]
    public async Task What_a_file_has_brought_an_account_does_not_bring_again()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        (
            await User.PostCsvAsync(
                $"/trades/import?portfolioId={portfolio}",
                """
                "txid","ordertxid","pair","time","type","ordertype","price","cost","fee","vol","margin","misc","ledgers"
                "THVRQM-33VKH-UCI7BS","O","XXBTZUSD","2023-07-06 18:23:16.8802","buy","limit","30010.0","600.2","0.0","0.02","0","",""
                """
            )
        ).ShouldBe(200);

        var run = await SyncAsync(key, portfolio);

        Assert.That(run["result"]!["duplicates"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(await TradesAsync(portfolio), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Swaps_fees_and_what_no_coin_is_known_of()
    {
        Kraken.Fills = new JsonObject
        {
            ["SWAP"] = PlayedKraken.Fill("XETHXXBT", 1_700_000_000, vol: "2", price: "0.05", fee: "0.0001"),
            ["MONEY"] = PlayedKraken.Fill("EURUSD", 1_700_000_060),
            ["UNKNOWN"] = PlayedKraken.Fill("NOSUCHUSD", 1_700_000_120),
        };
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var run = await SyncAsync(key, portfolio);

        Assert.That(run["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(2), run.ToJsonString());
        Assert.That(run["result"]!["skipped"]!.GetValue<int>(), Is.EqualTo(1));
        var rejected = run["result"]!["rejected"]!.AsArray().Single()!;
        Assert.That(rejected["externalId"]!.ToString(), Is.EqualTo("UNKNOWN"));
        Assert.That(rejected["error"]!.ToString(), Does.Contain("NOSUCH"));
        var trades = await TradesAsync(portfolio);
        Assert.That(
            trades.Select(trade => $"{trade!["type"]} {trade["coinId"]} {trade["quantity"]} {trade["linkId"]}"),
            Is.EquivalentTo(new[] { "buy ethereum 2 SWAP", "sell bitcoin 0.1001 SWAP" })
        );
        // Sold without having been acquired: recorded, not refused.
        var bitcoin = (await User.GetAsync($"/portfolios/{portfolio}/assets"))
            .ShouldBe(200)
            .Items.Single(asset => asset!["coinId"]!.ToString() == "bitcoin")!;
        Assert.That(bitcoin["shortfall"]!.ToString(), Is.EqualTo("0.1001"));

        // Once the coin is known, the next sync reads all of it again.
        (
            await Admin.PutAsync("/admin/market/coins/no-such-coin", new { symbol = "NOSUCH", name = "No such" })
        ).ShouldBe(201);
        Assert.That((await SyncAsync(key, portfolio))["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_import_that_was_undone_comes_again()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        var first = await SyncAsync(key, portfolio);
        var import = first["result"]!["importId"];
        Assert.That((await User.GetAsync($"/trades/imports/{import}")).ShouldBe(200)["format"], Is.EqualTo("kraken"));
        (await User.DeleteAsync($"/trades/imports/{import}")).ShouldBe(204);
        Assert.That(await TradesAsync(portfolio), Is.Empty);

        var second = await SyncAsync(key, portfolio);

        Assert.That(second["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_fault_of_the_exchange_ends_it_in_plain_words_and_the_next_sync_completes_it()
    {
        Kraken.Fills = PlayedKraken.Purchases(120);
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        (Kraken.HoldsAfter, Kraken.PageError) = (2, "EGeneral:Permission denied");

        var failed = await SyncAsync(key, portfolio);
        Kraken.HoldsAfter = int.MaxValue;
        var succeeded = await SyncAsync(key, portfolio);

        Assert.That(failed["status"]!.ToString(), Is.EqualTo("failed"));
        Assert.That(failed["progress"]!.ToString(), Is.EqualTo("0.1667"), "one of three pages");
        Assert.That(failed["error"]!["code"]!.ToString(), Is.EqualTo("missing_permission"));
        Assert.That(failed["error"]!["message"]!.ToString(), Is.EqualTo("kraken does not allow the key to do that."));
        Assert.That(succeeded["status"]!.ToString(), Is.EqualTo("succeeded"));
        Assert.That(
            failed["result"]!["imported"]!.GetValue<int>() + succeeded["result"]!["imported"]!.GetValue<int>(),
            Is.EqualTo(120)
        );
        await ShouldHoldEachFillOnceAsync(portfolio, 120);
    }

    [Test]
    public async Task Who_comes_while_another_reads_the_account_leaves_it_to_that_one()
    {
        Kraken.Fills = PlayedKraken.Purchases(120);
        Kraken.HoldsAfter = 0;
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        var run = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        await EventuallyAsync(() => Task.FromResult(Kraken.PagesAsked), asked => asked == 1);

        await using (var scope = TestRun.Server.Server.App.Services.GetRequiredService<IWorkerScopes>().Create())
        {
            await ActivatorUtilities
                .CreateInstance<SyncAccountJob>(scope.ServiceProvider)
                .RunAsync(run["id"], CancellationToken.None);
        }

        Assert.That(Kraken.PagesAsked, Is.EqualTo(1));
        Kraken.Release();
        Assert.That((await EndOfAsync(run.Location!))["status"]!.ToString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task What_passes_is_waited_for()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        (Kraken.HoldsAfter, Kraken.PageError) = (0, "EAPI:Rate limit exceeded");
        var begun = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);

        var waiting = await EventuallyAsync(
            async () => (await User.GetAsync(begun.Location!)).Json,
            run => run["error"] is not null
        );

        Assert.That(waiting["status"]!.ToString(), Is.EqualTo("running"));
        Assert.That(waiting["error"]!["code"]!.ToString(), Is.EqualTo("rate_limited"));
        (await User.DeleteAsync(begun.Location!)).ShouldBe(204);
        Assert.That((await User.GetAsync(begun.Location!))["status"], Is.EqualTo("cancelled"));
        (await User.DeleteAsync(begun.Location!)).ShouldRefuse(409, "already_ended");
    }

    [Test]
    public async Task A_page_that_two_jobs_read_at_once_is_stored_once_and_a_second_request_is_the_first()
    {
        Kraken.Fills = PlayedKraken.Purchases(120);
        Kraken.HoldsAfter = 2;
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        var first = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        await EventuallyAsync(() => Task.FromResult(Kraken.PagesGiven), pages => pages == 2);

        var second = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        // As whoever takes the run over from one that seemed dead: it reads the page that the first one waits for.
        await using var scope = TestRun
            .Server.Server.App.Services.GetRequiredService<IWorkerScopes>()
            .CreateFor(await StoredAsync<Guid>("select user_id from api_integration.sync_runs"));
        var again = scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new SyncNextPage(Guid.Parse(first["id"]!)));
        await EventuallyAsync(() => Task.FromResult(Kraken.PagesAsked), asked => asked == 4);
        Kraken.HoldsAfter = int.MaxValue;
        Kraken.Release();
        var run = await EndOfAsync(first.Location!);
        await again;

        Assert.That(second.Location, Is.EqualTo(first.Location));
        Assert.That(run["status"]!.ToString(), Is.EqualTo("succeeded"), run.ToJsonString());
        Assert.That(run["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(120));
        await ShouldHoldEachFillOnceAsync(portfolio, 120);
    }

    [TestCase("ID\0", "XXBTZUSD", "0.1")]
    [TestCase("ID", "XXBTZUSD", "0")]
    [TestCase("ID", "XXBTZUSD", "1e40")]
    [TestCase("ID", "\0USD", "0.1")]
    [TestCase("ID", "XXBTZUSD", "0.1", 253_402_300_000)]
    public async Task What_is_no_fill_is_named_and_never_booked(
        string id,
        string pair,
        string vol,
        long time = 1_700_000_000
    )
    {
        var fill = PlayedKraken.Fill("XXBTZUSD", 1_700_000_000);
        (fill["pair"], fill["vol"], fill["time"]) = (pair, vol, time);
        Kraken.Fills = new JsonObject { [id] = fill };
        Kraken.IgnoresTimes = true;
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var begun = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        var run = await EventuallyAsync(
            async () => (await User.GetAsync(begun.Location!)).ShouldBe(200).Json,
            answer => answer["error"] is not null || answer["status"]!.ToString() == "succeeded"
        );

        Assert.That(
            run["error"]?["code"]?.ToString() is "changed_format"
                || run["result"]!["rejectedCount"]!.GetValue<int>() == 1,
            run.ToJsonString()
        );
        Assert.That(await TradesAsync(portfolio), Is.Empty);
    }

    [Test]
    public async Task A_key_taken_out_of_use_ends_its_syncs()
    {
        Kraken.HoldsAfter = 0;
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        var begun = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        (await User.PatchAsync(key, new { isActive = false })).ShouldBe(200);
        Kraken.Release();

        var run = await EndOfAsync(begun.Location!);

        Assert.That(
            (run["status"]!.ToString(), run["error"]!["code"]!.ToString()),
            Is.EqualTo(("cancelled", "inactive"))
        );
        Assert.That(await TradesAsync(portfolio), Is.Empty);
    }

    [Test]
    public async Task Every_night_it_is_done_for_those_who_have_asked()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        (await User.PatchAsync(key, new { syncPortfolioId = portfolio })).ShouldBe(200);

        await TestRun
            .Server.Server.App.Services.GetRequiredService<JobHost>()
            .RunAsync(SyncNightlyJob.Name, null, CancellationToken.None);

        var run = await EventuallyAsync(
            async () => (await User.GetAsync($"{key}/sync-runs")).ShouldBe(200).Items.Single()!,
            answer => answer["status"]!.ToString() == "succeeded"
        );
        Assert.That(run["isNightly"]!.GetValue<bool>(), Is.True);
        Assert.That(await TradesAsync(portfolio), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Nobody_who_is_deactivated_is_synced_any_more()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        (await User.PatchAsync(key, new { syncPortfolioId = portfolio })).ShouldBe(200);
        Kraken.HoldsAfter = 0;
        (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        await EventuallyAsync(() => Task.FromResult(Kraken.PagesAsked), asked => asked == 1);
        (
            await Admin.PatchAsync($"/admin/users/{(await User.GetAsync("/me"))["id"]}", new { isActive = false })
        ).ShouldBe(200);
        Kraken.Release();

        await TestRun
            .Server.Server.App.Services.GetRequiredService<JobHost>()
            .RunAsync(SyncNightlyJob.Name, null, CancellationToken.None);

        Assert.That(
            await StoredAsync<string>("select string_agg(status || ' ' || fault, ', ') from api_integration.sync_runs"),
            Is.EqualTo("cancelled inactive")
        );
        Assert.That(await StoredAsync<long>("select count(*) from trading.trades"), Is.Zero);
    }

    [Test]
    public async Task Recorded_stands_beside_the_exchange_s_balance()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        await SyncAsync(key, portfolio);

        var reconciled = (await User.GetAsync($"{key}/reconciliation?portfolioId={portfolio}")).ShouldBe(200);

        var bitcoin = reconciled.Items.Single(coin => coin!["coinId"]?.ToString() == "bitcoin")!;
        Assert.That(
            $"{bitcoin["recorded"]} {bitcoin["balance"]} {bitcoin["difference"]}",
            Is.EqualTo("0.03 1011.19088779 1011.16088779")
        );
        (await User.GetAsync($"{key}/reconciliation")).ShouldNameField("portfolioId");
        (await User.GetAsync($"{key}/reconciliation?portfolioId={Guid.CreateVersion7()}")).ShouldBe(404);
        Kraken.Error = "EAPI:Invalid key";
        (await User.GetAsync($"{key}/reconciliation?portfolioId={portfolio}")).ShouldRefuse(409, "invalid_key");
    }

    private async Task ShouldHoldEachFillOnceAsync(string portfolio, int fills)
    {
        Assert.That(
            await StoredAsync<long>(
                "select count(distinct external_id) from trading.trades where portfolio_id = $1",
                Guid.Parse(portfolio)
            ),
            Is.EqualTo(fills)
        );
        Assert.That(
            await StoredAsync<long>(
                "select count(*) from trading.trades where portfolio_id = $1",
                Guid.Parse(portfolio)
            ),
            Is.EqualTo(fills)
        );
        Assert.That(
            await StoredAsync<long>(
                "select count(*) from trading.trade_history where portfolio_id = $1",
                Guid.Parse(portfolio)
            ),
            Is.EqualTo(fills)
        );
        var bitcoin = (await User.GetAsync($"/portfolios/{portfolio}/assets")).ShouldBe(200).Items.Single()!;
        Assert.That(bitcoin["quantity"]!.ToString(), Is.EqualTo($"{fills / 10}"));
    }
}
