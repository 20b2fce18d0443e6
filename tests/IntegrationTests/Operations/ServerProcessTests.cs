using System.Diagnostics;
using System.Runtime.InteropServices;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>The program as an operator starts and stops it: another process, its exit code, what it says.</summary>
internal sealed class ServerProcessTests : ApiTest
{
    [TestCase("CryptoBeacon:Nope=1", "CryptoBeacon:Nope")]
    [TestCase("CryptoBeacon:Smtp:Port=abc", "CryptoBeacon:Smtp:Port")]
    [TestCase("CryptoBeacon:Smtp:Port=99999", "CryptoBeacon:Smtp:Port")]
    [TestCase("CryptoBeacon:Smtp:Host=localhost", "CryptoBeacon:Smtp:From")]
    [TestCase("CryptoBeacon:Smtp:Security=maybe", "CryptoBeacon:Smtp:Security")]
    [TestCase("CryptoBeacon:RateLimits:Enabled=maybe", "CryptoBeacon:RateLimits:Enabled")]
    [TestCase("CryptoBeacon:Cors:Origins:0=app.example", "CryptoBeacon:Cors:Origins")]
    [TestCase("CryptoBeacon:Encryption:Keys:a=short", "CryptoBeacon:Encryption:Keys:a")]
    [TestCase("ConnectionStrings:CryptoBeacon=nonsense", "ConnectionStrings:CryptoBeacon")]
    [TestCase("ConnectionStrings:CryptoBacon=Host=localhost", "ConnectionStrings:CryptoBacon")]
    [TestCase(
        "ConnectionStrings:CryptoBeacon=Host=127.0.0.1;Port=1;Username=a;Password=unspoken",
        "ConnectionStrings:CryptoBeacon"
    )]
    [TestCase("urls=nonsense", "urls")]
    public async Task A_wrong_setting_ends_the_start_with_its_name(string setting, string key)
    {
        using var server = ServerProcess.Start($"--{setting}");
        await server.WaitForExitAsync();

        Assert.That(server.ExitCode, Is.EqualTo(1), server.Output);
        Assert.That(server.Output, Does.Contain(key).And.Not.Contain("   at ").And.Not.Contain("unspoken"));
    }

    [TestCase("--help")]
    [TestCase("serve --help")]
    [TestCase("db --help")]
    [TestCase("db upgrade --help")]
    [TestCase("db downgrade --help")]
    [TestCase("db status --help")]
    [TestCase("db script --help")]
    [TestCase("admin create --help")]
    [TestCase("audit verify --help")]
    [TestCase("keys rotate --help")]
    public async Task Every_command_explains_itself(string command)
    {
        using var server = ServerProcess.Start(command.Split(' '));
        await server.WaitForExitAsync();

        Assert.That(server.ExitCode, Is.Zero);
        Assert.That(server.Output, Does.Contain("Usage:"));
    }

    [Test]
    public async Task A_command_that_is_none_ends_with_2()
    {
        using var server = ServerProcess.Start("dance");
        await server.WaitForExitAsync();
        Assert.That(server.ExitCode, Is.EqualTo(2), server.Output);
    }

    [TestCase("downgrade", "99", "There is no migration 99")]
    [TestCase("downgrade", "six", "six is no migration's number")]
    [TestCase("downgrade", "-1", "-1 is no migration's number")]
    [TestCase("script", "99", "There is no migration 99")]
    public async Task A_migration_that_is_none_is_refused_in_our_words(string command, string number, string words)
    {
        string[] numbers = command == "script" ? [number, "1"] : [number];
        using var server = ServerProcess.Start(["db", command, .. numbers, .. TestRun.Server.Settings]);
        await server.WaitForExitAsync();

        Assert.That(server.ExitCode, Is.Not.Zero);
        Assert.That(server.Output, Does.Contain(words).And.Not.Contain("Parameter").And.Not.Contain("   at "));
    }

    [TestCase(PosixSignal.SIGTERM)]
    [TestCase(PosixSignal.SIGINT)]
    [Platform(Exclude = "Win")]
    public async Task A_signal_ends_streams_at_once_and_the_server_in_order(PosixSignal signal)
    {
        using var server = ServerProcess.Start(TestRun.Server.Settings);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        var ada = await ApiUser.SignUpAsync(http);
        using var stream = await ada.OpenAsync("/alerts/stream", CancellationToken.None);
        var clock = Stopwatch.StartNew();

        server.Send(signal);
        await server.WaitForExitAsync();

        Assert.That(server.ExitCode, Is.Zero, server.Output);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)), server.Output);
        Assert.That(await stream.Content.ReadAsStringAsync(), Is.Not.Null);
    }

    [Test]
    public async Task A_worker_answers_for_its_health_alone()
    {
        using var server = ServerProcess.Start(["serve", "--role", "worker", .. TestRun.Server.Settings]);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        var client = new ApiClient(http);

        (await client.GetAsync("/me")).ShouldBe(404);
        var health = await EventuallyAsync(
            () => client.GetAsync("~/health/ready"),
            answer => (int)answer.Status == 200
        );
        Assert.That(health.Json["checks"]!["jobs"], Is.Not.Null);
    }

    [Test]
    public async Task A_web_server_is_ready_without_a_job_server()
    {
        using var server = ServerProcess.Start(["serve", "--role", "web", .. TestRun.Server.Settings]);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        var health = (await new ApiClient(http).GetAsync("~/health/ready")).ShouldBe(200);
        Assert.That(health.Json["checks"]!["jobs"], Is.Null);
    }

    [Test]
    public async Task An_address_in_use_is_named()
    {
        using var server = ServerProcess.Start([.. TestRun.Server.Settings, $"--urls={TestRun.Server.Address}"]);
        await server.WaitForExitAsync();

        Assert.That(server.ExitCode, Is.EqualTo(1), server.Output);
        Assert.That(server.Output, Does.Contain("address already in use").And.Contain("--urls"));
    }
}
