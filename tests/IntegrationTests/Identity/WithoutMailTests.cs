using System.Text.RegularExpressions;
using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>An installation that has no mail server and is no developer's.</summary>
internal sealed class WithoutMailTests : ApiTest
{
    [Test]
    public async Task What_needs_a_mail_says_so_and_the_rest_works()
    {
        var user = await SignUpAsync();

        (await Anonymous.PostAsync("/auth/password/forgot", new { email = user.Email })).ShouldRefuse(
            503,
            "mail_unavailable"
        );
        (await user.PostAsync("/me/email/verification")).ShouldRefuse(503, "mail_unavailable");
        (await user.PatchAsync("/me", new { email = "other@tests.example" })).ShouldRefuse(503, "mail_unavailable");
        Assert.That(await StoredAsync<long>("select count(*) from identity.mails"), Is.Zero);
    }

    [Test]
    public async Task A_developer_finds_mails_with_their_tokens_in_the_log()
    {
        var log = new LogRecorder();
        await using var node = await TestRun.Server.StartAnotherAsync(
            builder =>
                builder.Logging.ClearProviders().AddProvider(log).AddFilter("CryptoBeacon", LogLevel.Information),
            "--environment=Development"
        );
        using var http = new HttpClient { BaseAddress = new Uri(node.Urls.First()) };
        var user = await SignUpAsync();
        (await new ApiClient(http).PostAsync("/auth/password/forgot", new { email = user.Email })).ShouldBe(202);
        // The tests' other server, which can't send it, may have taken the job; one that was sent is not sent again.
        var id = await StoredAsync<Guid>("select id from identity.mails");
        await node
            .App.Services.GetRequiredService<JobHost>()
            .RunAsync("identity.send_mail", $"{id}", CancellationToken.None);

        var mail = await EventuallyAsync(
            () => Task.FromResult(log.Entries.FirstOrDefault(entry => entry.Contains($"Mail to {user.Email}"))),
            entry => entry is not null
        );
        var token = Regex.Match(mail!, @"^Token: (\S+)", RegexOptions.Multiline).Groups[1].Value;
        (
            await Anonymous.PostAsync("/auth/password/reset", new { token, newPassword = "another horse and stable" })
        ).ShouldBe(204);
    }
}
