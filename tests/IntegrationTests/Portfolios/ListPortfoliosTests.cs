using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

internal sealed class ListPortfoliosTests : PortfolioTest
{
    [Test]
    public async Task Pages_show_each_once_oldest_first_while_others_come_in()
    {
        var user = await SignUpAsync();
        foreach (var name in new[] { "A", "B", "C", "D", "E" })
        {
            await OpenAsync(user, name);
        }

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = (
                await user.GetAsync($"/portfolios?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")
            ).ShouldBe(200);
            names.AddRange(page.Items.Select(item => item!["name"]!.ToString()));
            cursor = page["nextCursor"];
            await OpenAsync(user, "late");
        } while (cursor is not null && names.Count < 20);

        Assert.That(names.Take(5), Is.EqualTo(new[] { "A", "B", "C", "D", "E" }));
    }

    [TestCase("limit=0", "limit")]
    [TestCase("limit=201", "limit")]
    [TestCase("limit=many", "limit")]
    [TestCase("cursor=!", "cursor")]
    [TestCase("cursor=e30", "cursor")]
    public async Task A_bad_page_is_named(string query, string field) =>
        (await (await SignUpAsync()).GetAsync($"/portfolios?{query}")).ShouldNameField(field);
}
