using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

internal sealed class RevisePortfolioTests : PortfolioTest
{
    [Test]
    public async Task What_a_patch_names_changes_and_the_rest_stays()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(
            user,
            body: new
            {
                name = "Before",
                description = "cleared",
                currency = "EUR",
            }
        );

        var revised = await user.PatchAsync(portfolio.Location!, """{"name":"After","description":null}""");

        Assert.That(revised.ShouldBe(200).Text, Is.EqualTo((await ReadAsync(user, portfolio)).Text));
        Assert.That(
            (revised["name"], revised["description"], revised["currency"]),
            Is.EqualTo(("After", (string?)null, "EUR"))
        );
        Assert.That(revised.ETag, Is.Not.EqualTo(portfolio.ETag));
    }

    [Test]
    public async Task A_patch_that_changes_nothing_leaves_the_version()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user, "Same");

        var revised = await user.PatchAsync(portfolio.Location!, new { name = "Same", isDefault = true });

        Assert.That((revised.Text, revised.ETag), Is.EqualTo((portfolio.Text, portfolio.ETag)));
    }

    [TestCase("""{"name":null}""", "name")]
    [TestCase("""{"name":""}""", "name")]
    [TestCase("""{"currency":null}""", "currency")]
    [TestCase("""{"isDefault":null}""", "isDefault")]
    [TestCase("""{"costBasisMethod":null}""", "costBasisMethod")]
    [TestCase("""{"costBasisMethod":"random"}""", "costBasisMethod")]
    [TestCase("""{"createdAt":"2026-01-01T00:00:00Z"}""", "createdAt")]
    [TestCase("""{"colour":"red"}""", "colour")]
    public async Task What_is_wrong_is_named_and_nothing_changes(string patch, string field)
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        (await user.PatchAsync(portfolio.Location!, patch)).ShouldNameField(field);

        Assert.That((await ReadAsync(user, portfolio)).ETag, Is.EqualTo(portfolio.ETag));
    }

    [Test]
    public async Task If_Match_guards_against_a_lost_update()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user, "First");

        (await user.PatchAsync(portfolio.Location!, new { name = "Second" }, ("If-Match", portfolio.ETag!))).ShouldBe(
            200
        );
        (await user.PatchAsync(portfolio.Location!, new { name = "Third" }, ("If-Match", portfolio.ETag!))).ShouldBe(
            412
        );
        (await user.DeleteAsync(portfolio.Location!, null, ("If-Match", portfolio.ETag!))).ShouldBe(412);

        Assert.That((await ReadAsync(user, portfolio))["name"], Is.EqualTo("Second"));
    }

    [Test]
    public async Task Of_many_with_the_same_version_one_wins()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    user.PatchAsync(portfolio.Location!, new { name = $"N{i}" }, ("If-Match", portfolio.ETag!))
                )
        );

        Assert.That(answers.Count(answer => (int)answer.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Count(answer => (int)answer.Status == 412), Is.EqualTo(7));
    }

    [Test]
    public async Task Without_a_version_all_of_many_succeed()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => user.PatchAsync(portfolio.Location!, new { name = $"N{i}" }))
        );

        Assert.That(answers.Select(answer => (int)answer.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task The_currency_stays_while_opening_balances_are_in_it()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        (await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100)).ShouldBe(201);

        (await user.PatchAsync(portfolio.Location!, new { currency = "EUR" })).ShouldRefuse(
            409,
            "has_opening_balances"
        );

        Assert.That((await ReadAsync(user, portfolio))["currency"], Is.EqualTo("USD"));
    }
}
