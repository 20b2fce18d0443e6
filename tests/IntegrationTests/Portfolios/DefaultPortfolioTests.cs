using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

/// <summary>While a user has portfolios, exactly one is the default.</summary>
internal sealed class DefaultPortfolioTests : PortfolioTest
{
    [Test]
    public async Task The_first_is_the_default_whatever_it_says_of_itself()
    {
        var user = await SignUpAsync();
        await OpenAsync(user, body: new { name = "First", isDefault = false });
        await OpenAsync(user, "Second");

        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "First" }));
    }

    [Test]
    public async Task A_new_one_may_take_it()
    {
        var user = await SignUpAsync();
        await OpenAsync(user, "First");
        await OpenAsync(user, body: new { name = "Second", isDefault = true });

        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "Second" }));
    }

    [Test]
    public async Task Revising_one_may_take_it_and_gives_the_old_one_a_new_version()
    {
        var user = await SignUpAsync();
        var first = await OpenAsync(user, "First");
        var second = await OpenAsync(user, "Second");

        var revised = await user.PatchAsync(second.Location!, new { isDefault = true });

        Assert.That(revised.ShouldBe(200).ETag, Is.EqualTo((await ReadAsync(user, second)).ETag));
        Assert.That((await ReadAsync(user, first)).ETag, Is.Not.EqualTo(first.ETag));
        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "Second" }));
    }

    [Test]
    public async Task The_default_can_only_be_replaced()
    {
        var user = await SignUpAsync();
        var only = await OpenAsync(user, "Only");

        (await user.PatchAsync(only.Location!, new { isDefault = false })).ShouldRefuse(409, "default_required");

        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "Only" }));
    }

    [Test]
    public async Task When_the_default_goes_the_oldest_inherits_it()
    {
        var user = await SignUpAsync();
        await OpenAsync(user, "Oldest");
        await OpenAsync(user, "Middle");
        var @default = await OpenAsync(user, body: new { name = "Default", isDefault = true });

        (await user.DeleteAsync(@default.Location!)).ShouldBe(204);

        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "Oldest" }));
    }

    [Test]
    public async Task Everyone_has_a_default_of_their_own()
    {
        var (one, other) = (await SignUpAsync(), await SignUpAsync());
        await OpenAsync(one, "One's");
        await OpenAsync(other, "Other's");

        Assert.That(await DefaultsAsync(one), Is.EqualTo(new[] { "One's" }));
        Assert.That(await DefaultsAsync(other), Is.EqualTo(new[] { "Other's" }));
    }

    [Test]
    public async Task Portfolios_opened_at_the_same_moment_have_one_default_among_them()
    {
        var user = await SignUpAsync();

        await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => OpenAsync(user, body: new { name = $"P{i}", isDefault = i % 2 == 0 }))
        );

        Assert.That(await DefaultsAsync(user), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Whatever_is_done_at_the_same_moment_one_default_stays()
    {
        var user = await SignUpAsync();
        var portfolios = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => OpenAsync(user, $"P{i}")));

        var answers = await Task.WhenAll(
            portfolios
                .Take(5)
                .Select(portfolio => user.PatchAsync(portfolio.Location!, new { isDefault = true }))
                .Concat(portfolios.Take(4).Select(portfolio => user.DeleteAsync(portfolio.Location!)))
                .Append(user.PostAsync("/portfolios", new { name = "New", isDefault = true }))
        );

        Assert.That(answers.Select(answer => (int)answer.Status).Distinct(), Is.SubsetOf(new[] { 200, 201, 204, 404 }));
        Assert.That(await DefaultsAsync(user), Has.Length.EqualTo(1));
    }
}
