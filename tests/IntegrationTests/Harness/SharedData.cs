namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>Real market data and export files beside the project, for tests that hold it against the real world.</summary>
internal static class SharedData
{
    /// <summary>The path of a file in the data folder; where the folder is not there, the test is skipped and says so.</summary>
    public static string File(string relativePath)
    {
        for (
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            directory is not null;
            directory = directory.Parent
        )
        {
            var path = Path.Combine(directory.FullName, "shared", "data", relativePath);
            if (System.IO.File.Exists(path))
            {
                return path;
            }
        }

        Assert.Ignore($"../shared/data/{relativePath} is not there.");
        return "";
    }
}
