using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class LoginTests : ApiTest
{
    [Test]
    public async Task Signing_in_gives_a_pair_that_no_cache_keeps()
    {
        var user = await SignUpAsync();

        var answer = await LoginAsync(user.Email.ToUpperInvariant(), user.Password);

        answer.ShouldBe(200);
        Assert.That(answer["tokenType"], Is.EqualTo("Bearer"));
        Assert.That(answer["expiresIn"], Is.EqualTo("600"));
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
        Assert.That((await user.GetAsync("/me"))["lastLogin"], Is.Not.Null);
    }

    [Test]
    public async Task A_wrong_password_an_unknown_address_and_a_deactivated_account_look_alike()
    {
        var (user, gone) = (await SignUpAsync(), await SignUpAsync());
        await DeactivateAsync(gone);

        var answers = new[]
        {
            await LoginAsync(user.Email, "not the password"),
            await LoginAsync("nobody@tests.example", "not the password"),
            await LoginAsync(gone.Email, gone.Password),
        };

        Assert.That(
            answers.Select(answer => answer.ShouldRefuse(401, "invalid_credentials")["detail"]).Distinct().Count(),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task An_unknown_address_takes_as_long_as_a_wrong_password()
    {
        var users = new List<ApiUser>();
        for (var i = 0; i < 7; i++)
        {
            users.Add(await SignUpAsync());
        }

        var known = await MedianAsync(users.Select(user => user.Email));
        var unknown = await MedianAsync(users.Select(user => "x" + user.Email));

        // Without the work for nobody's password it would be a tenth; in between lies what a busy machine does.
        Assert.That(unknown / known, Is.InRange(0.2, 5));
    }

    [Test]
    public async Task After_five_wrong_passwords_one_has_to_wait()
    {
        var user = await SignUpAsync();
        for (var i = 0; i < 5; i++)
        {
            (await LoginAsync(user.Email, "not the password")).ShouldBe(401);
        }

        var blocked = (await LoginAsync(user.Email, user.Password)).ShouldRefuse(429, "too_many_attempts");

        Assert.That(blocked.Headers.RetryAfter?.Delta, Is.InRange(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30)));
        (await user.GetAsync("/me")).ShouldBe(200);
    }

    [Test]
    public async Task A_stranger_s_failures_do_not_lock_the_owner_out_who_comes_from_elsewhere()
    {
        var user = await SignUpAsync();
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectFromElsewhereAsync };
        using var elsewhere = new HttpClient(handler) { BaseAddress = TestRun.Server.Address };
        for (var i = 0; i < 20; i++)
        {
            await LoginAsync(user.Email, "not the password");
        }

        (await LoginAsync(user.Email, user.Password)).ShouldRefuse(429, "too_many_attempts");
        await ApiUser.SignInAsync(elsewhere, user.Email, user.Password);
    }

    /// <summary>The whole of 127.0.0.0/8 is this machine.</summary>
    private static async ValueTask<Stream> ConnectFromElsewhereAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    [Test]
    public async Task A_hundred_guesses_at_once_are_a_hundred()
    {
        var user = await SignUpAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => LoginAsync(user.Email, "not the password"))
        );

        Assert.That(answers.Count(answer => (int)answer.Status == 401), Is.EqualTo(5));
        Assert.That(answers.Count(answer => (int)answer.Status == 429), Is.EqualTo(95));
    }

    [Test]
    public async Task An_owner_with_forty_tabs_is_no_attacker()
    {
        var user = await SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => LoginAsync(user.Email, user.Password)));

        Assert.That(answers.Select(answer => (int)answer.Status), Is.All.EqualTo(200));
        Assert.That(await StoredAsync<long>("select count(*) from identity.auth_throttles"), Is.Zero);
    }

    [Test]
    public async Task A_success_forgives_the_account_but_takes_back_only_itself_for_the_network()
    {
        var (user, victim) = (await SignUpAsync(), await SignUpAsync());
        await LoginAsync(victim.Email, "not the password");
        await LoginAsync(user.Email, "not the password");

        (await LoginAsync(user.Email, user.Password)).ShouldBe(200);

        // The victim's, and the network's.
        Assert.That(
            await StoredAsync<string>(
                "select string_agg(failures::text, ',' order by failures) from identity.auth_throttles"
            ),
            Is.EqualTo("1,2")
        );
    }

    [Test]
    public async Task Two_successes_at_the_same_moment_take_back_one_attempt_each()
    {
        const string takeBack = "select identity.take_back_attempt('\\x01')::text";
        await StoredAsync<int>(
            "insert into identity.auth_throttles (key, failures, last_attempt_at) values ('\\x01', 2, now()) returning failures"
        );
        await using var one = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await one.OpenAsync();
        await using var first = await one.BeginTransactionAsync();
        await one.ExecuteAsync(takeBack);

        var second = StoredAsync<string>(takeBack);
        await EventuallyAsync(
            () =>
                StoredAsync<bool>(
                    "select exists (select from pg_stat_activity where pg_blocking_pids(pid) <> '{}' and query like '%take_back_attempt%')"
                ),
            isWaiting => isWaiting
        );
        await first.CommitAsync();
        await second;

        Assert.That(await StoredAsync<long>("select count(*) from identity.auth_throttles"), Is.Zero);
    }

    [Test]
    public async Task A_weaker_hash_is_made_stronger_by_signing_in()
    {
        var user = await SignUpAsync();
        await StoredAsync<int>(
            "update identity.users set password_hash = $1 where email = $2",
            "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EstMPFmPwEV1ZKsYgQUv5J+Zg0iQylaykGB5kmbPnSE",
            user.Email
        );

        (await LoginAsync(user.Email, user.Password)).ShouldBe(200);

        Assert.That(
            await StoredAsync<string>("select password_hash from identity.users where email = $1", user.Email),
            Does.Contain("m=19456,t=2,p=1")
        );
        (await LoginAsync(user.Email, user.Password)).ShouldBe(200);
    }

    [TestCase("""{}""", "email")]
    [TestCase("""{"email":"a@b.example"}""", "password")]
    [TestCase("""{"email":"a@b.example","password":null}""", "password")]
    [TestCase("""{"email":["a@b.example"],"password":"x"}""", "email")]
    [TestCase("""{"email":"a@b.example","password":"x\u0000"}""", "password")]
    [TestCase("""{"email":"a@b.example","password":"x","mfa":true}""", "mfa")]
    public async Task Bad_input_is_named(string body, string field) =>
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/login", body)).ShouldNameField(field);

    private static Task<ApiResponse> LoginAsync(string email, string password) =>
        Anonymous.PostAsync("/auth/login", new { email, password });

    private static async Task DeactivateAsync(ApiUser user)
    {
        var id = (await user.GetAsync("/me"))["id"];
        (await (await AdminAsync()).PatchAsync($"/admin/users/{id}", new { isActive = false })).ShouldBe(200);
    }

    private static async Task<double> MedianAsync(IEnumerable<string> emails)
    {
        var times = new List<double>();
        foreach (var email in emails)
        {
            var start = Stopwatch.GetTimestamp();
            (await LoginAsync(email, "not the password")).ShouldBe(401);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }
}
