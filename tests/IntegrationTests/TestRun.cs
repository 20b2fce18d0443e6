using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests;

/// <summary>Starts what all tests of this assembly share; what a test stores is gone before the next.</summary>
[SetUpFixture]
internal sealed class TestRun
{
    public static TestServer Server { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartServer() => Server = await TestServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopServer() => await Server.DisposeAsync();
}
