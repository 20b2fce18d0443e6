using System.Text;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure.Security;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.WebApi.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary><c>keys rotate</c>, beside a server that goes on.</summary>
internal sealed class KeyRotationTests : ApiTest
{
    // Of a sealed value: version, length of the key's id, the id.
    private const string KeyIds = """
        select string_agg(distinct convert_from(substring(secret from 3 for get_byte(secret, 1)), 'UTF8'), ' ') from identity.mfa_methods
        """;

    [Test]
    public async Task What_was_sealed_is_wrapped_anew_and_everybody_stays_signed_in()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);
        var before = await StoredAsync<string>(KeyIds);
        var kids = await KidsAsync();

        Assert.That(await RotateAsync(), Is.Zero);

        Assert.That(await StoredAsync<string>(KeyIds), Is.Not.EqualTo(before).And.Not.Contain(" "));
        var kidsNow = await EventuallyAsync(KidsAsync, now => now.Except(kids).Any());
        Assert.That(kids, Is.SubsetOf(kidsNow));
        (await user.GetAsync("/me")).ShouldBe(200);
        var tokens = (
            await Anonymous.PostAsync(
                "/auth/mfa",
                new
                {
                    mfaToken = (
                        await Anonymous.PostAsync("/auth/login", new { email = user.Email, password = user.Password })
                    ).ShouldBe(200)["mfaToken"],
                    code = app.NextCode,
                }
            )
        ).ShouldBe(200);
        (await new ApiClient(TestRun.Server.Client, tokens["accessToken"]).GetAsync("/me")).ShouldBe(200);
    }

    [Test]
    public async Task A_rotation_that_was_killed_is_finished_before_another_begins()
    {
        await Authenticator.SwitchOnAsync(await SignUpAsync());
        var old = await StoredAsync<byte[]>("select secret from identity.mfa_methods");
        Assert.That(await RotateAsync(), Is.Zero);
        var rotated = await StoredAsync<string>(KeyIds);
        // As if it had been killed before it came to this row.
        await StoredAsync<bool>("update identity.mfa_methods set secret = $1 returning true", old!);

        Assert.That(await RotateAsync(), Is.Zero);

        Assert.That(await StoredAsync<string>(KeyIds), Is.EqualTo(rotated));
    }

    [Test]
    public async Task Requests_go_on_meanwhile()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignUpAsync()));
        var rotation = Task.Run(RotateAsync);
        var factors = await Task.WhenAll(users.Select(Authenticator.SwitchOnAsync));
        Assert.That(await rotation, Is.Zero);
        Assert.That(await RotateAsync(), Is.Zero);

        for (var i = 0; i < users.Length; i++)
        {
            (await users[i].PostAsync("/me/mfa/recovery-codes", new { code = factors[i].NextCode })).ShouldBe(200);
        }

        Assert.That(await StoredAsync<string>(KeyIds), Does.Not.Contain(" "));
    }

    [Test]
    public async Task Another_key_under_the_right_id_ends_the_start()
    {
        var key = Convert.ToBase64String(new byte[32]);
        await using (
            var node = await TestRun.Server.StartAnotherAsync(
                $"--CryptoBeacon:Encryption:Keys:a={key}",
                "--CryptoBeacon:Encryption:CurrentKeyId=a"
            )
        )
        {
            using var http = new HttpClient { BaseAddress = new Uri(node.Urls.First()) };
            await Authenticator.SwitchOnAsync(await ApiUser.SignUpAsync(http));
        }

        var another = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());
        Assert.That(
            () => TestRun.Server.StartAnotherAsync($"--CryptoBeacon:Encryption:Keys:a={another}"),
            Throws
                .TypeOf<Application.Configuration.ConfigurationException>()
                .With.Message.Contains("The key a is another")
        );
    }

    [Test]
    public async Task Secrets_of_channels_are_wrapped_anew_stay_what_they_were_and_leave_no_entry()
    {
        var user = await SignUpAsync();
        (
            await user.PutAsync(
                "/me/notification-channels",
                """{"webhook":{"enabled":true,"url":"https://127.0.0.1/","secret":"unspoken"},"push":{"enabled":true,"url":"https://127.0.0.1/","token":"unsaid"}}"""
            )
        ).ShouldBe(200);
        var (keyId, entries) = (
            await StoredAsync<string>(KeyIdsOfChannels),
            await StoredAsync<long>(EntriesOfChannels)
        );

        Assert.That(await RotateAsync(), Is.Zero);

        Assert.That(await StoredAsync<string>(KeyIdsOfChannels), Is.Not.EqualTo(keyId).And.Not.Contain(" "));
        Assert.That(
            (await OpenAsync(user, "webhook_secret"), await OpenAsync(user, "push_token")),
            Is.EqualTo(("unspoken", "unsaid"))
        );
        Assert.That((entries, await StoredAsync<long>(EntriesOfChannels)), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Keys_of_exchanges_are_wrapped_anew_stay_what_they_were_and_keep_their_version()
    {
        var (user, admin) = (await SignUpAsync(), await AdminAsync());
        var provider = (
            await admin.PostAsync("/admin/providers", new { name = "Nowhere", baseUrl = "https://api.example.com" })
        ).ShouldBe(201)["id"];
        var key = (
            await user.PostAsync(
                "/api-keys",
                new
                {
                    providerId = provider,
                    name = "mine",
                    apiKey = "unspoken",
                    apiSecret = "unsaid",
                }
            )
        ).ShouldBe(201);
        var before = await StoredAsync<string>("select api_key from api_integration.api_keys");

        Assert.That(await RotateAsync(), Is.Zero);

        Assert.That(
            (await OpenKeyAsync(key["id"]!, "api_key"), await OpenKeyAsync(key["id"]!, "api_secret")),
            Is.EqualTo(("unspoken", "unsaid"))
        );
        Assert.That(await StoredAsync<string>("select api_key from api_integration.api_keys"), Is.Not.EqualTo(before));
        Assert.That((await user.GetAsync(key.Location!)).ETag, Is.EqualTo(key.ETag));
    }

    [Test]
    public async Task Of_two_rotations_at_once_the_second_says_that_one_is_at_work()
    {
        await using var first = new NpgsqlConnection($"{TestRun.Server.OwnerConnectionString};Pooling=false");
        await first.OpenAsync();
        Assert.That(await SealedColumns.TryBeginRotationAsync(first, CancellationToken.None), Is.True);

        using var second = ServerProcess.Start(["keys", "rotate", .. TestRun.Server.Settings]);
        await second.WaitForExitAsync();

        Assert.That(second.ExitCode, Is.EqualTo(1));
        Assert.That(second.Output, Does.Contain("rotated already").And.Not.Contain("   at "));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Keys_made_apart_from_the_database_are_warned_of(bool areConfigured)
    {
        var log = new LogRecorder();
        string[] keys = areConfigured
            ? [$"--CryptoBeacon:Encryption:Keys:a={Convert.ToBase64String(new byte[32])}"]
            : [];

        await using var node = await TestRun.Server.StartAnotherAsync(
            builder => builder.Logging.ClearProviders().AddProvider(log),
            keys
        );

        Assert.That(
            log.Entries.Count(entry => entry.Contains("CryptoBeacon:Encryption:Keys", StringComparison.Ordinal)),
            Is.EqualTo(areConfigured ? 0 : 1)
        );
    }

    private const string KeyIdsOfChannels = """
        select string_agg(distinct convert_from(substring(sealed from 3 for get_byte(sealed, 1)), 'UTF8'), ' ')
        from identity.notification_channels, unnest(array[webhook_secret, push_token]) values (sealed)
        """;

    private const string EntriesOfChannels = """
        select (select count(*) from audit.audit_outbox where entity = 'notification_channels')
            + (select count(*) from audit.audit_entries where entity = 'notification_channels')
        """;

    private static IServiceProvider Services => TestRun.Server.Server.App.Services;

    private static async Task<string> OpenAsync(ApiUser user, string column)
    {
        var id = Guid.Parse((await user.GetAsync("/me"))["id"]!);
        var stored = await StoredAsync<byte[]>(
            $"select {column} from identity.notification_channels where user_id = $1",
            id
        );
        var field = new FieldAddress($"identity.notification_channels.{column}", id);
        return Encoding.UTF8.GetString(Services.GetRequiredService<IFieldCipher>().Open(stored, field));
    }

    private static async Task<string> OpenKeyAsync(string id, string column)
    {
        var stored = await StoredAsync<string>($"select {column} from api_integration.api_keys");
        var field = new FieldAddress($"api_integration.api_keys.{column}", Guid.Parse(id));
        return Encoding.UTF8.GetString(
            Services.GetRequiredService<IFieldCipher>().Open(Convert.FromBase64String(stored!), field)
        );
    }

    private static Task<int> RotateAsync() => BeaconCommands.RunAsync(["keys", "rotate", .. TestRun.Server.Settings]);

    private static async Task<string[]> KidsAsync() =>
        [
            .. (await Anonymous.GetAsync("~/.well-known/jwks.json")).ShouldBe(200).Json["keys"]!
                .AsArray()
                .Select(key => key!["kid"]!.ToString()),
        ];
}
