using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.IntegrationTests.Operations;

internal sealed class LogTests : ApiTest
{
    /// <summary>At the most talkative level of all that the shipped configuration does not quieten: Npgsql's and our own.</summary>
    [Test]
    public async Task The_log_holds_no_password_token_or_body()
    {
        const string password = "marker of a password 7c1e";
        var log = new LogRecorder();
        await using var server = await TestRun.Server.StartAnotherAsync(builder =>
            builder.Logging.ClearProviders().AddProvider(log).AddFilter(null, LogLevel.Trace)
        );
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };

        var email = $"{Guid.CreateVersion7():N}@tests.example";
        (
            await new ApiClient(http).PostAsync(
                "/auth/register",
                new
                {
                    email,
                    password,
                    displayName = "marker of a name 7c1e",
                }
            )
        ).ShouldBe(201);
        var ada = await ApiUser.SignInAsync(http, email, password);
        await new ApiClient(http).PostAsync("/auth/login", new { email, password = password + "!" });
        (await ada.PostAsync("/auth/refresh", new { refreshToken = ada.RefreshToken })).ShouldBe(200);
        (await ada.PostAsync("/portfolios", new { name = "marker of a portfolio 7c1e" })).ShouldBe(201);
        await new ApiClient(http).GetAsync("/alerts/stream?ticket=marker-of-a-ticket-7c1e");
        await server.App.StopAsync();

        Assert.That(
            log.Entries,
            Has.Some.Contains("ListPortfolios").Or.Some.Contains("CreatePortfolio"),
            "nothing was recorded"
        );
        foreach (var secret in new[] { "7c1e", ada.AccessToken!, ada.RefreshToken })
        {
            Assert.That(log.Entries.Where(entry => entry.Contains(secret, StringComparison.Ordinal)), Is.Empty);
        }
    }
}
