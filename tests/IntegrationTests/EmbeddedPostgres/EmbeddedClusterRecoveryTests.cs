using System.Runtime.Versioning;
using static CryptoBeacon.IntegrationTests.EmbeddedPostgres.ClusterSandbox;

namespace CryptoBeacon.IntegrationTests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "modes, signals and sockets of Unix")]
public class EmbeddedClusterRecoveryTests
{
    private ClusterSandbox _sandbox;

    [SetUp]
    public void MakeSandbox() => _sandbox = new ClusterSandbox();

    [TearDown]
    public async Task RemoveSandbox() => await _sandbox.DisposeAsync();

    [Test]
    public async Task What_was_committed_before_the_server_was_killed_is_there_after_the_next_start()
    {
        var killed = await _sandbox.StartAsync();
        await ExecuteAsync(killed.OwnerConnectionString, "create table kept as select 42 as answer");
        await KillPostmasterAsync(killed.DirectoryPath);
        await killed.StopAsync(CancellationToken.None);
        Assert.That(_sandbox.Log, Has.Some.Contains("had stopped before it was told to"));

        var recovered = await _sandbox.StartAsync();

        Assert.That(await ScalarAsync<int>(recovered.OwnerConnectionString, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task A_server_that_a_killed_application_left_running_is_taken_over()
    {
        var cluster = await _sandbox.StartAsync();
        await cluster.StopAsync(CancellationToken.None);
        await StartByHandAsync(cluster.DirectoryPath, cluster.Port);
        using var leftover = PostmasterOf(cluster.DirectoryPath);

        var next = await _sandbox.StartAsync();

        using var postmaster = PostmasterOf(next.DirectoryPath);
        await leftover.WaitForExitAsync();
        Assert.That(postmaster.Id, Is.Not.EqualTo(leftover.Id));
        Assert.That(_sandbox.Log, Has.Some.Contains($"(process {leftover.Id}) left it running"));
        Assert.That(await ScalarAsync<int>(next.OwnerConnectionString, "select 1"), Is.EqualTo(1));
        Assert.That(next.Port, Is.EqualTo(cluster.Port));
    }

    [Test]
    public async Task A_process_that_bears_the_old_id_of_the_server_by_now_is_left_alone()
    {
        var cluster = await _sandbox.StartAsync();
        var pidFile = await File.ReadAllLinesAsync(PidFileOf(cluster.DirectoryPath));
        await cluster.StopAsync(CancellationToken.None);
        pidFile[0] = $"{Environment.ProcessId}"; // us: a signal meant for a server would end this test
        await File.WriteAllLinesAsync(PidFileOf(cluster.DirectoryPath), pidFile);

        var next = await _sandbox.StartAsync();

        Assert.That(await ScalarAsync<int>(next.OwnerConnectionString, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_a_killed_start_left_half_made_is_removed_and_made_anew()
    {
        var leftover = Directory.CreateDirectory(Path.Combine(_sandbox.DataDirectory, "postgres.unfinished-0123abcd"));
        await File.WriteAllTextAsync(Path.Combine(leftover.CreateSubdirectory("data").FullName, "PG_VERSION"), "15\n");

        var cluster = await _sandbox.StartAsync();

        Assert.That(await ScalarAsync<int>(cluster.OwnerConnectionString, "select 1"), Is.EqualTo(1));
        Assert.That(leftover.FullName, Does.Not.Exist);
    }

    [Test]
    public async Task A_start_that_is_cancelled_while_it_makes_the_cluster_leaves_nothing_in_the_way()
    {
        using var cancellation = new CancellationTokenSource();
        _sandbox.Logger.Said += message =>
        {
            if (message.StartsWith("Making", StringComparison.Ordinal))
                cancellation.Cancel();
        };
        Assert.That(
            async () => await _sandbox.StartAsync(cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
        Assert.That(Directory.GetDirectories(_sandbox.DataDirectory), Is.Empty);

        var cluster = await _sandbox.StartAsync();

        Assert.That(await ScalarAsync<int>(cluster.OwnerConnectionString, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_setting_that_PostgreSQL_refuses_is_reported_in_its_words_and_the_directory_let_go()
    {
        var sound = _sandbox.Options;
        _sandbox.Options = sound with { Settings = new Dictionary<string, string> { ["max_connections"] = "many" } };
        Assert.That(
            async () => await _sandbox.StartAsync(),
            Throws.Exception.With.Message.Contains("invalid value for parameter \"max_connections\": \"many\"")
        );

        _sandbox.Options = sound;
        var cluster = await _sandbox.StartAsync();

        Assert.That(await ScalarAsync<int>(cluster.OwnerConnectionString, "select 1"), Is.EqualTo(1));
    }
}
