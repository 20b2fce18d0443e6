using System.Collections.Concurrent;
using System.Net;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>Many users on few connections: what one request leaves behind, the next borrower must not find.</summary>
internal sealed class SharedPoolTests : ApiTest
{
    private const int Users = 8;
    private const int RequestsOfEach = 120;
    private const int AtOnce = 48;

    [Test]
    public async Task Interleaved_requests_refusals_and_cancellations_show_nobody_anybody_else()
    {
        await using var node = await TestRun.Server.StartAnotherAsync("--CryptoBeacon:RateLimits:Enabled=false");
        using var http = new HttpClient { BaseAddress = new Uri(node.Urls.First()) };
        var users = await Task.WhenAll(Enumerable.Range(0, Users).Select(_ => Owner.SignUpAsync(http)));
        var seen = new ConcurrentDictionary<string, int>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Users * RequestsOfEach),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (turn, _) =>
            {
                var kind = await users[turn % Users].AskAsync(turn / Users, users[(turn + 1) % Users]);
                seen.AddOrUpdate(kind, 1, (_, count) => count + 1);
            }
        );

        // Each kind has happened, the cancellations in the midst of requests, too.
        Assert.That(
            seen.Keys,
            Is.EquivalentTo(new[] { "list", "profile", "foreign", "refused", "written", "cancelled" })
        );
        foreach (var user in users)
        {
            await user.AskAsync(0, user);
        }

        Assert.That(
            await StoredAsync<long>(
                """
                select count(*) from portfolios.portfolios portfolio
                join identity.users owner on owner.id = portfolio.user_id
                where portfolio.name not like owner.display_name || '%'
                """
            ),
            Is.Zero
        );
    }

    /// <summary>Somebody whose every portfolio bears their name.</summary>
    private sealed class Owner(HttpClient http, ApiUser user, string name, string portfolioId)
    {
        public string PortfolioId => portfolioId;

        public static async Task<Owner> SignUpAsync(HttpClient http)
        {
            var user = await ApiUser.SignUpAsync(http);
            var name = $"owner-{Guid.CreateVersion7():N}";
            (await user.PatchAsync("/me", new { displayName = name })).ShouldBe(HttpStatusCode.OK);
            var portfolio = await user.PostAsync("/portfolios", new { name, currency = "USD" });
            return new Owner(http, user, name, portfolio.ShouldBe(HttpStatusCode.Created)["id"]!);
        }

        public async Task<string> AskAsync(int turn, Owner other)
        {
            switch (turn % 6)
            {
                case 0:
                    var portfolios = (await user.GetAsync("/portfolios?limit=200")).ShouldBe(HttpStatusCode.OK).Items;
                    Assert.That(portfolios, Is.Not.Empty);
                    Assert.That(portfolios.Select(portfolio => $"{portfolio!["name"]}"), Has.All.StartsWith(name));
                    return "list";
                case 1:
                    Assert.That((await user.GetAsync("/me"))["displayName"], Is.EqualTo(name));
                    return "profile";
                case 2:
                    var foreign = await user.GetAsync($"/portfolios/{other.PortfolioId}");
                    foreign.ShouldBe(other == this ? HttpStatusCode.OK : HttpStatusCode.NotFound);
                    return "foreign";
                case 3:
                    // Refused by the database in the middle of the command, whose transaction is rolled back.
                    (await user.PostAsync("/trades", Sale())).ShouldRefuse(409, "insufficient_quantity");
                    return "refused";
                case 4:
                    (await user.PostAsync("/portfolios", new { name = $"{name} {turn}", currency = "EUR" })).ShouldBe(
                        HttpStatusCode.Created
                    );
                    return "written";
                default:
                    return await GiveUpAsync(TimeSpan.FromMilliseconds(turn % 20));
            }
        }

        private async Task<string> GiveUpAsync(TimeSpan patience)
        {
            using var impatience = new CancellationTokenSource(patience);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/portfolios/summary");
            request.Headers.Authorization = new("Bearer", user.AccessToken);
            try
            {
                using var response = await http.SendAsync(request, impatience.Token);
            }
            catch (OperationCanceledException) { }

            return "cancelled";
        }

        private object Sale() =>
            new
            {
                portfolioId,
                coinId = "bitcoin",
                type = "sell",
                quantity = "1",
                price = "100",
                timestamp = "2026-01-05T09:30:00Z",
            };
    }
}
