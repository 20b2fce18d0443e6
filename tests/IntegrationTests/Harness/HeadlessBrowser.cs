using Microsoft.Playwright;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>The machine's own Chromium: none is downloaded, and where there is none the tests that need one fail and say so.</summary>
internal static class HeadlessBrowser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    public static Task<IBrowser> StartAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Find(),
                // Its sandbox does not work as root, which containers of build servers are. It sees our own pages alone.
                ChromiumSandbox = false,
            }
        );

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            $"No browser on PATH ({string.Join(", ", Names)}). On Debian: apt-get install chromium"
        );
}
