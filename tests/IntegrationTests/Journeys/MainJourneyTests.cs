using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Journeys;

/// <summary>What the product is for, as a client lives it: from an account to a fired alert.</summary>
internal sealed class MainJourneyTests : ApiTest
{
    [Test]
    public async Task From_an_account_to_a_fired_alert()
    {
        var admin = await AdminAsync();
        var ada = await SignUpAsync();
        Assert.That((await ada.GetAsync("/me")).ShouldBe(200)["email"], Is.EqualTo(ada.Email));

        var portfolio = (await ada.PostAsync("/portfolios", new { name = "Main", currency = "USD" })).ShouldBe(201)[
            "id"
        ];
        await TradeAsync(ada, portfolio!, "buy", "0.5", "42000", "2026-01-05T09:30:00Z");
        await TradeAsync(ada, portfolio!, "sell", "0.2", "61000", "2026-03-01T12:00:00Z");
        (
            await ada.PostAsync(
                "/alerts",
                new
                {
                    coinId = "bitcoin",
                    condition = "above",
                    price = "60000",
                }
            )
        ).ShouldBe(201);

        await QuoteAsync(admin, "bitcoin", "65000");

        var valuation = (await ada.GetAsync($"/portfolios/{portfolio}/valuation")).ShouldBe(200);
        Assert.That(valuation["totalValue"], Is.EqualTo("19500"));
        Assert.That(valuation["totalCost"], Is.EqualTo("12600"));
        Assert.That(valuation["unrealizedPnl"], Is.EqualTo("6900"));

        var history = await EventuallyAsync(() => ada.GetAsync("/alerts/history"), answer => answer.Items.Count > 0);
        Assert.That(history.Items[0]!["priceAtTrigger"]!.ToString(), Is.EqualTo("65000"));
    }

    [Test]
    public async Task Nobody_sees_anything_of_somebody_else()
    {
        var ada = await SignUpAsync();
        var eve = await SignUpAsync();
        var portfolio = (await ada.PostAsync("/portfolios", new { name = "Main" }))["id"];
        var trade = (await TradeAsync(ada, portfolio!, "buy", "1", "10", "2026-01-05T00:00:00Z"))["id"];
        var alert = (
            await ada.PostAsync(
                "/alerts",
                new
                {
                    coinId = "bitcoin",
                    condition = "above",
                    price = "1",
                }
            )
        )["id"];
        var watchlist = (await ada.PostAsync("/watchlists", new { name = "Majors" }))["id"];

        foreach (
            var path in new[]
            {
                $"/portfolios/{portfolio}",
                $"/portfolios/{portfolio}/assets",
                $"/portfolios/{portfolio}/valuation",
                $"/trades/{trade}",
                $"/trades/{trade}/history",
                $"/alerts/{alert}",
                $"/alerts/{alert}/history",
                $"/watchlists/{watchlist}",
            }
        )
        {
            (await ada.GetAsync(path)).ShouldBe(200);
            (await eve.GetAsync(path)).ShouldBe(404);
            (await Anonymous.GetAsync(path)).ShouldBe(401);
        }

        foreach (
            var (path, body) in new (string, object)[]
            {
                ($"/portfolios/{portfolio}", new { name = "mine" }),
                ($"/trades/{trade}", new { notes = "mine" }),
                ($"/alerts/{alert}", new { notes = "mine" }),
                ($"/watchlists/{watchlist}", new { name = "mine" }),
            }
        )
        {
            (await eve.PatchAsync(path, body)).ShouldBe(404);
            (await eve.DeleteAsync(path)).ShouldBe(404);
        }

        (
            await eve.PostAsync(
                "/trades",
                new
                {
                    portfolioId = portfolio,
                    coinId = "bitcoin",
                    type = "buy",
                    quantity = "1",
                    price = "1",
                }
            )
        ).ShouldBe(404);
        Assert.That((await eve.GetAsync("/trades")).Items, Is.Empty);
    }

    private static async Task<ApiResponse> TradeAsync(
        ApiUser user,
        string portfolioId,
        string type,
        string quantity,
        string price,
        string timestamp
    ) =>
        (
            await user.PostAsync(
                "/trades",
                new
                {
                    portfolioId,
                    coinId = "bitcoin",
                    type,
                    quantity,
                    price,
                    timestamp,
                }
            )
        ).ShouldBe(201);

    private static async Task QuoteAsync(ApiUser admin, string coinId, string price) =>
        (
            await admin.PostAsync(
                "/admin/market/prices",
                new
                {
                    prices = new[]
                    {
                        new
                        {
                            coinId,
                            currency = "USD",
                            price,
                        },
                    },
                }
            )
        ).ShouldBe(202);
}
