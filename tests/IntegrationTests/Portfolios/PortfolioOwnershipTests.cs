using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

/// <summary>Somebody else's portfolio is not there.</summary>
internal sealed class PortfolioOwnershipTests : PortfolioTest
{
    [Test]
    public async Task Nothing_of_it_can_be_read_or_changed()
    {
        var owner = await SignUpAsync();
        var portfolio = await OpenAsync(owner);
        (await SetOpeningAsync(owner, portfolio, "bitcoin", 1, 100)).ShouldBe(201);
        var before = await ReadAsync(owner, portfolio);

        var stranger = await SignUpAsync();
        var path = portfolio.Location!;
        ApiResponse[] answers =
        [
            await stranger.GetAsync(path),
            await stranger.PatchAsync(path, new { name = "Mine" }),
            await stranger.DeleteAsync(path),
            await stranger.DeleteAsync($"{path}?force=true"),
            await stranger.GetAsync($"{path}/assets"),
            await stranger.GetAsync($"{path}/assets/bitcoin"),
            await SetOpeningAsync(stranger, portfolio, "bitcoin", 2, 1),
            await stranger.DeleteAsync($"{path}/assets/bitcoin"),
            await stranger.GetAsync($"{path}/valuation"),
            await stranger.GetAsync($"{path}/valuation?currency=EUR"),
        ];

        Assert.That(answers.Select(answer => (int)answer.Status), Is.All.EqualTo(404));
        Assert.That((await stranger.GetAsync("/portfolios")).Items, Is.Empty);
        Assert.That((await ReadAsync(owner, portfolio)).ETag, Is.EqualTo(before.ETag));
    }

    [Test]
    public async Task It_looks_the_same_as_one_that_never_was()
    {
        var portfolio = await OpenAsync(await SignUpAsync());
        var stranger = await SignUpAsync();

        var others = await stranger.GetAsync(portfolio.Location!);
        var nobodys = await stranger.GetAsync($"/portfolios/{Guid.CreateVersion7()}");

        Assert.That((others["code"], others["detail"]), Is.EqualTo((nobodys["code"], nobodys["detail"])));
    }
}
