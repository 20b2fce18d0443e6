using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Security;

internal sealed class KeyFilesTests : ApiTest
{
    private const UnixFileMode Others = (UnixFileMode)0x3F; // group's and everybody's bits

    [Test]
    [Platform(Exclude = "Win")]
    public void Keys_are_their_owners_alone_from_the_first_start()
    {
        var keys = new DirectoryInfo(TestRun.Server.Keys);
        var all = keys.GetFileSystemInfos().Prepend(keys).ToList();

        Assert.That(
            all.Select(entry => entry.Name),
            Is.SupersetOf(new[] { "database-role-secret", "data-protection" })
        );
        Assert.That(all.Where(entry => (entry.UnixFileMode & Others) != 0).Select(entry => entry.Name), Is.Empty);
    }
}
