using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class ListTradesTests : TradingTest
{
    private async Task<string[]> ListedAsync(string query)
    {
        var page = (await User.GetAsync($"/trades?{query}")).ShouldBe(200);
        return [.. page.Items.Select(trade => trade!["notes"]!.ToString())];
    }

    private Task<string> NotedAsync(string notes, int minute, params (string, JsonNode?)[] changes) =>
        RecordedAsync(Trade("buy", "1", minute, [("notes", notes), .. changes]));

    [Test]
    public async Task The_newest_come_first_unless_asked_otherwise()
    {
        await NotedAsync("b", 2);
        await NotedAsync("a", 1);
        await NotedAsync("c", 3);

        Assert.That(await ListedAsync(""), Is.EqualTo(new[] { "c", "b", "a" }));
        Assert.That(await ListedAsync("sort=-timestamp"), Is.EqualTo(new[] { "c", "b", "a" }));
        Assert.That(await ListedAsync("sort=timestamp"), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public async Task Each_filter_leaves_what_it_names()
    {
        await NotedAsync("a", 1, ("coinId", "ethereum"));
        await NotedAsync("b", 2, ("exchange", "Kraken"));
        await NotedAsync("c", 3, ("tags", new JsonArray("dca", "x")));
        await RecordedAsync(Trade("sell", "1", 4, ("notes", "d")));
        var other = await OpenPortfolioAsync(User);
        await NotedAsync("e", 5, ("portfolioId", other));

        Assert.That(await ListedAsync("coinId=ethereum"), Is.EqualTo(new[] { "a" }));
        Assert.That(await ListedAsync("exchange=Kraken"), Is.EqualTo(new[] { "b" }));
        Assert.That(await ListedAsync("tag=x"), Is.EqualTo(new[] { "c" }));
        Assert.That(await ListedAsync("type=sell"), Is.EqualTo(new[] { "d" }));
        Assert.That(await ListedAsync($"portfolioId={other}"), Is.EqualTo(new[] { "e" }));
        Assert.That(await ListedAsync($"from={At(2)}&to={At(4)}"), Is.EqualTo(new[] { "c", "b" }));
        Assert.That(
            await ListedAsync("coinId=bitcoin&type=buy&sort=timestamp&limit=2"),
            Is.EqualTo(new[] { "b", "c" })
        );
    }

    [TestCase("timestamp")]
    [TestCase("-timestamp")]
    public async Task Pages_show_each_trade_once_also_when_others_come_in_between(string sort)
    {
        for (var i = 0; i < 9; i++)
        {
            await NotedAsync($"{i}", 10 + (i / 4));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (
                await User.GetAsync($"/trades?sort={sort}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")
            ).ShouldBe(200);
            seen.AddRange(page.Items.Select(trade => trade!["notes"]!.ToString()));
            cursor = page["nextCursor"];
            await NotedAsync("late", sort == "timestamp" ? 1 : 50);
        } while (cursor is not null);

        var expected = Enumerable.Range(0, 9).Select(i => $"{i}");
        Assert.That(seen, Is.EqualTo(sort == "timestamp" ? expected : expected.Reverse()));
    }

    [Test]
    public async Task The_sign_for_what_could_not_be_read_is_a_text_like_others()
    {
        await NotedAsync("a", 1, ("exchange", "\ufffd"));
        await NotedAsync("b", 2, ("exchange", "%FF"));

        Assert.That(await ListedAsync("exchange=%EF%BF%BD"), Is.EqualTo(new[] { "a" }));
        Assert.That(await ListedAsync("exchange=%25FF"), Is.EqualTo(new[] { "b" }));
    }

    [TestCase("exchange=%FF", "exchange")]
    [TestCase("tag=%ED%A0%80", "tag")]
    [TestCase("exchange=a%C0%80", "exchange")]
    [TestCase("exchange=%00", "exchange")]
    [TestCase("%FF=a", "query")]
    [TestCase("limit=", "limit")]
    [TestCase("limit=1&limit=2", "limit")]
    [TestCase("portfolioId=", "portfolioId")]
    [TestCase("cursor=nonsense", "cursor")]
    [TestCase("cursor=e30", "cursor")]
    [TestCase("limit=0", "limit")]
    [TestCase("limit=201", "limit")]
    [TestCase("limit=x", "limit")]
    [TestCase("sort=price", "sort")]
    [TestCase("type=short", "type")]
    [TestCase("coinId=Bit+coin", "coinId")]
    [TestCase("portfolioId=1", "portfolioId")]
    [TestCase("from=yesterday", "from")]
    [TestCase("to=2026-01-01", "to")]
    public async Task A_wrong_parameter_is_named(string query, string field) =>
        (await User.GetAsync($"/trades?{query}")).ShouldNameField(field);

    [Test]
    public async Task A_cursor_belongs_to_its_order()
    {
        await NotedAsync("a", 1);
        await NotedAsync("b", 2);
        var page = await User.GetAsync("/trades?limit=1");

        (await User.GetAsync($"/trades?limit=1&sort=timestamp&cursor={page["nextCursor"]}")).ShouldNameField("cursor");
    }

    [TestCase("text/csv", "text/csv")]
    [TestCase("TEXT/CSV", "text/csv")]
    [TestCase("text/*", "text/csv")]
    [TestCase("*/*", "application/json")]
    [TestCase("text/csv, application/json", "application/json")]
    [TestCase("text/csv, */*;q=0.5", "text/csv")]
    [TestCase("text/csv;q=0.1, */*;q=0.5", "application/json")]
    public async Task Csv_is_given_to_who_prefers_it(string accept, string mediaType) =>
        Assert.That(
            (await User.GetAsync("/trades", ("Accept", accept))).ShouldBe(200).MediaType,
            Is.EqualTo(mediaType)
        );

    [Test]
    public async Task Csv_is_given_to_who_accepts_it()
    {
        await NotedAsync("=1+1", 1);
        await NotedAsync("b", 2);

        var csv = (await User.GetAsync("/trades?limit=1&sort=timestamp", ("Accept", "text/csv"))).ShouldBe(200);

        Assert.That(csv.MediaType, Is.EqualTo("text/csv"));
        Assert.That(
            csv.Text.Split("\r\n")[1],
            Does.StartWith($"{At(1)},bitcoin,buy,1,100,USD,0,USD,").And.Contain("'=1+1")
        );
        Assert.That(csv.Headers.GetValues("Link").Single(), Does.Contain("cursor=").And.EndWith("rel=\"next\""));
    }
}
