using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace CryptoBeacon.UnitTests.Architecture;

/// <summary>The threat model promises tests: each is there, and no requirement goes without one or a reason.</summary>
internal sealed partial class ThreatModelTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "threat-model.md"));

    [Test]
    public void Every_test_that_it_names_exists()
    {
        var known = Directory
            .EnumerateFiles(Path.Combine(Root(), "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file =>
                TestMethod()
                    .Matches(File.ReadAllText(file))
                    .Select(method => $"{Path.GetFileNameWithoutExtension(file)}.{method.Groups["name"].Value}")
                    .Append(Path.GetFileNameWithoutExtension(file))
            )
            .ToHashSet();

        var named = NamedTest().Matches(Page).Select(match => match.Groups["test"].Value).ToList();

        Assert.That(named, Has.Count.GreaterThan(100));
        Assert.That(named.Where(test => !known.Contains(test)), Is.Empty);
    }

    [Test]
    public void Every_requirement_stands_once_and_has_a_test_or_a_reason()
    {
        var requirements = Requirement().Matches(Page);

        Assert.That(requirements, Has.Count.GreaterThan(100));
        Assert.That(requirements.Select(row => row.Groups["number"].Value), Is.Unique);
        Assert.That(requirements.Select(row => row.Groups["answer"].Value.Trim()), Has.None.Empty);
    }

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    [GeneratedRegex(@"public (async )?(Task|void|bool|Property) (?<name>[A-Z]\w*_\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`(?<test>[A-Z]\w*Tests(\.\w+)?)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"^\| (?<number>V\d+\.\d+\.\d+) \| [^|]+ \| (?<answer>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Requirement();
}
