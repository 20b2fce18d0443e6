using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary><c>audit verify</c>, as an operator runs it beside a server that goes on.</summary>
internal sealed class AuditCommandTests : AuditTest
{
    [Test]
    public async Task A_whole_trail_ends_with_0()
    {
        await ChainOfAsync(100_500);

        using var verify = await RunAsync();

        Assert.That(verify.ExitCode, Is.Zero, verify.Output);
        Assert.That(
            verify.Output,
            Does.Contain("100000 entries verified").And.Contain("The audit trail is whole: 1005")
        );
    }

    [Test]
    public async Task A_broken_trail_ends_with_1_and_says_where()
    {
        await ChainOfAsync(60);
        await TamperAsync("update audit.audit_entries set action = 'deleted' where sequence = 30");

        using var verify = await RunAsync();

        Assert.That(verify.ExitCode, Is.EqualTo(1), verify.Output);
        Assert.That(verify.Output, Does.Contain("entry 30 ").And.Not.Contain("   at "));
    }

    private static async Task<ServerProcess> RunAsync()
    {
        var verify = ServerProcess.Start(["audit", "verify", .. TestRun.Server.Settings]);
        await verify.WaitForExitAsync();
        return verify;
    }
}
