using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>The server that sends a mail is ended by SIGKILL once the mail server has it, and before it is noted.</summary>
internal sealed class KilledMailTests
{
    [Test]
    public async Task The_same_mail_comes_again_and_its_token_is_good_once()
    {
        await using var sink = new MailSink();
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("killed_mail");
        string[] settings =
        [
            .. TestRun.Server.Settings,
            $"--ConnectionStrings:CryptoBeacon={owner}",
            "--CryptoBeacon:Smtp:Host=127.0.0.1",
            $"--CryptoBeacon:Smtp:Port={sink.Port}",
            "--CryptoBeacon:Smtp:From=beacon@installation.example",
        ];
        const string address = "ada@tests.example";
        using (var killed = ServerProcess.Start(settings))
        {
            using var http = new HttpClient { BaseAddress = await killed.AddressAsync() };
            var signedUp = new TaskCompletionSource();
            sink.Taken = async () =>
            {
                await signedUp.Task;
                killed.Kill();
            };
            await ApiUser.SignUpAsync(http, address);
            signedUp.SetResult();
            await killed.WaitForExitAsync();
        }

        sink.Taken = () => Task.CompletedTask;
        await using var database = new NpgsqlConnection(superuser);
        Assert.That(await database.ExecuteScalarAsync<long>("select count(*) from identity.mails"), Is.EqualTo(1));
        // As if the minute had passed after which a job whose server is silent is another's.
        await database.ExecuteAsync("update hangfire.jobqueue set fetchedat = fetchedat - interval '1 hour'");
        using var server = ServerProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
        var mails = await ApiTest.EventuallyAsync(
            () => Task.FromResult(sink.To(address).ToList()),
            sent => sent.Count == 2,
            TimeSpan.FromSeconds(30)
        );

        Assert.That(mails.Select(mail => mail.Message.MessageId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(mails.Select(mail => mail.Token).Distinct().Count(), Is.EqualTo(1));
        var anonymous = new ApiClient(client);
        (await anonymous.PostAsync("/auth/email/verify", new { token = mails[0].Token })).ShouldBe(204);
        (await anonymous.PostAsync("/auth/email/verify", new { token = mails[1].Token })).ShouldRefuse(
            400,
            "invalid_token"
        );
    }
}
