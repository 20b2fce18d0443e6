using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>Imports that a client does not wait for.</summary>
internal sealed class ImportLaterTests : TradingTest
{
    private const string Header = "timestamp,coinId,type,quantity,price\n";

    private static readonly (string, string) RespondAsync = ("Prefer", "respond-async, wait=10");

    private Task<ApiResponse> ImportLaterAsync(string csv, string options = "") =>
        User.PostCsvAsync($"/trades/import?portfolioId={Portfolio}{options}", csv, RespondAsync);

    private Task<ApiResponse> DoneAsync(string location) =>
        EventuallyAsync(
            () => User.GetAsync(location),
            import => import.ShouldBe(200)["status"] is "succeeded" or "failed",
            TimeSpan.FromSeconds(60)
        );

    [Test]
    public async Task It_is_accepted_and_its_resource_tells_how_it_ends()
    {
        var csv = Header + string.Join('\n', Enumerable.Range(0, 2000).Select(i => $"{At(i)},bitcoin,buy,1,100"));

        var accepted = (await ImportLaterAsync(csv, "&fileName=later.csv")).ShouldBe(202);
        var done = await DoneAsync(accepted.Location!);

        Assert.That(accepted.Location, Does.EndWith($"/trades/imports/{accepted["id"]}"));
        Assert.That(
            (done["status"], done["progress"], done["imported"], done["format"]),
            Is.EqualTo(("succeeded", "1", "2000", "cryptobeacon"))
        );
        Assert.That(done.Json["report"]!["importId"]!.ToString(), Is.EqualTo(accepted["id"]));
        Assert.That(await PositionAsync(), Is.EqualTo("2000/0/100"));
        Assert.That(
            (await User.GetAsync("/trades/imports")).Items.Single()!["fileName"]!.ToString(),
            Is.EqualTo("later.csv")
        );
        Assert.That(await StoredAsync<long>("select count(*) from trading.import_chunks"), Is.EqualTo(0));
        (await User.DeleteAsync($"/trades/imports/{accepted["id"]}")).ShouldBe(204);
        Assert.That(await CountAsync(), Is.EqualTo(0));
    }

    [Test]
    public async Task What_would_have_been_refused_ends_as_a_problem()
    {
        var accepted = (
            await ImportLaterAsync(Header + $"{At(1)},bitcoin,buy,1,100\n{At(2)},bitcoin,hold,1,100")
        ).ShouldBe(202);

        var done = await DoneAsync(accepted.Location!);

        Assert.That((done["status"], done["imported"], done["report"]), Is.EqualTo(("failed", "0", (string?)null)));
        Assert.That(done.Json["problem"]!["rejected"]![0]!["line"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(await CountAsync(), Is.EqualTo(0));
    }

    [Test]
    public async Task A_preview_may_take_its_time_too()
    {
        var accepted = (await ImportLaterAsync(Header + $"{At(1)},bitcoin,buy,1,100", "&dryRun=true")).ShouldBe(202);

        var done = await DoneAsync(accepted.Location!);

        Assert.That((done["status"], done["imported"]), Is.EqualTo(("succeeded", "0")));
        Assert.That(done.Json["report"]!["rows"]![0]!["fate"]!.ToString(), Is.EqualTo("imported"));
        Assert.That(await CountAsync(), Is.EqualTo(0));
    }

    [Test]
    public async Task A_job_that_comes_again_imports_nothing_twice()
    {
        var accepted = (await ImportLaterAsync(Header + $"{At(1)},bitcoin,buy,1,100")).ShouldBe(202);
        await DoneAsync(accepted.Location!);

        await StoredAsync<object>(
            "insert into platform.outbox (kind, payload) values ('job', jsonb_build_object('name', 'trading.import', 'argument', $1))",
            accepted["id"]!
        );
        await EventuallyAsync(() => StoredAsync<long>("select count(*) from platform.outbox"), waiting => waiting == 0);
        var again = (await ImportLaterAsync(Header + $"{At(1)},bitcoin,buy,1,100")).ShouldBe(202);
        var second = await DoneAsync(again.Location!);

        Assert.That((second["imported"], second["duplicates"], await CountAsync()), Is.EqualTo(("0", "1", 1)));
    }

    [Test]
    public async Task Options_are_checked_at_once_and_anothers_import_is_not_there()
    {
        (await ImportLaterAsync(Header, "&mode=loose")).ShouldNameField("mode");
        var accepted = (await ImportLaterAsync(Header + $"{At(1)},bitcoin,buy,1,100")).ShouldBe(202);
        var other = await SignUpAsync();

        (await other.GetAsync(accepted.Location!)).ShouldBe(404);
        (await other.PostCsvAsync($"/trades/import?portfolioId={Portfolio}", Header, RespondAsync)).ShouldBe(404);
        await DoneAsync(accepted.Location!);
    }
}
