using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>The first version of an imported trade is told at once, and written down later.</summary>
internal sealed class ImportedHistoryTests : TradingTest
{
    private const string Csv =
        "timestamp,coinId,type,quantity,price\n2026-01-01T00:00:00Z,bitcoin,buy,1,100\n2026-01-02T00:00:00Z,bitcoin,buy,2,100\n";

    private async Task<string[]> ImportedAsync()
    {
        (await ImportAsync(Csv)).ShouldBe(200);
        return [.. (await User.GetAsync("/trades?sort=timestamp")).Items.Select(trade => trade!["id"]!.ToString())];
    }

    private async Task<string[]> ChangesAsync(string trade) =>
        [
            .. (await User.GetAsync($"/trades/{trade}/history"))
                .ShouldBe(200)
                .Items.Select(version =>
                    $"{version!["version"]} {version["change"]} {version["before"]?["quantity"]}>{version["after"]?["quantity"]}"
                ),
        ];

    private static Task<long> WrittenAsync() => StoredAsync<long>("select count(*) from trading.trade_history");

    [Test]
    public async Task It_is_there_at_once_and_the_same_when_it_has_been_written_down()
    {
        var trade = (await ImportedAsync())[0];

        var atOnce = await User.GetAsync($"/trades/{trade}/history");
        await EventuallyAsync(WrittenAsync, written => written == 2);
        var later = await User.GetAsync($"/trades/{trade}/history");

        Assert.That(await ChangesAsync(trade), Is.EqualTo(new[] { "1 created >1" }));
        Assert.That(later.Json.ToJsonString(), Is.EqualTo(atOnce.Json.ToJsonString()));
    }

    [Test]
    public async Task What_is_changed_before_that_keeps_it()
    {
        var trades = await ImportedAsync();
        (await User.PatchAsync($"/trades/{trades[0]}", new { quantity = "3" })).ShouldBe(200);
        (await User.DeleteAsync($"/trades/{trades[1]}")).ShouldBe(204);

        await EventuallyAsync(() => StoredAsync<long>("select count(*) from platform.outbox"), waiting => waiting == 0);

        Assert.That(await ChangesAsync(trades[0]), Is.EqualTo(new[] { "1 created >1", "2 amended 1>3" }));
        Assert.That(await ChangesAsync(trades[1]), Is.EqualTo(new[] { "1 created >2", "2 deleted 2>" }));
        Assert.That(await WrittenAsync(), Is.EqualTo(4));
    }

    [Test]
    public async Task A_job_that_comes_again_writes_nothing_twice()
    {
        await ImportedAsync();
        await EventuallyAsync(WrittenAsync, written => written == 2);

        await StoredAsync<object>(
            """
            insert into platform.outbox (kind, payload)
            select 'job', jsonb_build_object('name', 'trading.keep_imported_versions', 'argument', id) from trading.trade_imports
            """
        );
        await EventuallyAsync(() => StoredAsync<long>("select count(*) from platform.outbox"), waiting => waiting == 0);

        Assert.That(await WrittenAsync(), Is.EqualTo(2));
    }
}
