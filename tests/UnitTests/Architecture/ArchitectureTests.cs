using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.WebApi;

namespace CryptoBeacon.UnitTests.Architecture;

/// <summary>The house as it stands, held against <see cref="Rules"/>. The modules are those of the one list.</summary>
internal sealed partial class ArchitectureTests
{
    private static readonly Assembly[] ModuleAssemblies = [.. Modules.All.Select(module => module.GetType().Assembly)];

    private static IEnumerable<Type> ModuleTypes => ModuleAssemblies.SelectMany(assembly => assembly.GetTypes());

    [Test]
    public void Modules_know_application_and_domain_alone() =>
        Assert.That(Rules.A_module_references_application_and_domain_alone(ModuleAssemblies), Is.Empty);

    [Test]
    public void Infrastructure_knows_no_module() =>
        Assert.That(
            typeof(Infrastructure.InfrastructureServices)
                .Assembly.GetReferencedAssemblies()
                .Select(reference => reference.Name),
            Has.Some.EqualTo("CryptoBeacon.Application")
                .And.None.Matches<string>(name => ModuleAssemblies.Any(module => module.GetName().Name == name))
        );

    [Test]
    public void Nothing_of_a_module_is_public_but_the_module() =>
        Assert.That(Rules.Nothing_of_a_module_is_public_but_the_module(ModuleAssemblies), Is.Empty);

    [Test]
    public void Handlers_are_internal_and_sealed() =>
        Assert.That(Rules.A_handler_is_internal_and_sealed(ModuleTypes), Is.Empty);

    [Test]
    public void Each_message_has_one_handler() => Assert.That(Rules.A_message_has_one_handler(ModuleTypes), Is.Empty);

    [Test]
    public void Commands_with_content_have_a_validator() =>
        Assert.That(
            Rules.A_command_with_content_has_a_validator(
                ModuleTypes,
                new Dictionary<string, string>
                {
                    ["TakeInQuotes"] = "The server's own poll sends it, of what a connector has read strictly.",
                    ["StoreListings"] = "As TakeInQuotes.",
                    ["StoreBackfill"] = "As TakeInQuotes; candles are asked for their faults.",
                    ["IssueStreamTicket"] = "What it holds comes from the access token, not from the client.",
                    ["RunImport"] = "The job of a stored import sends it.",
                    ["TellImportProgress"] = "As RunImport.",
                    ["FailImport"] = "As RunImport.",
                    ["TellRunProgress"] = "The job of a stored run sends it.",
                    ["FailRun"] = "As TellRunProgress.",
                    ["FinishBacktest"] = "As TellRunProgress.",
                    ["FinishSweep"] = "As TellRunProgress.",
                    ["StoreRevisedApiKey"] = "ReviseApiKey sends it, and what the patch makes is validated.",
                    ["TakeInFills"] = "The job of a sync sends it, of what the exchange has answered.",
                    ["EndSync"] = "As TakeInFills.",
                    ["PostponeSync"] = "As TakeInFills.",
                    ["NoteAuditVerdict"] = "The verification that came to it sends it.",
                    ["SwitchWebhookOff"] = "Sent by delivery of what the row itself says.",
                    ["SwitchEmailOff"] = "Sent by Unsubscribe, which has asked for the token.",
                    ["RecordAttempt"] = "Sent by the job that made the attempt.",
                    ["RedeemStreamTicket"] = "Whatever is no ticket is a 401, as an unknown one is.",
                }
            ),
            Is.Empty
        );

    [Test]
    public void A_feature_file_holds_one_use_case() =>
        Assert.That(
            Rules.A_feature_file_holds_one_use_case(Modules.All.SelectMany(module => Files(module, "Features"))),
            Is.Empty
        );

    [Test]
    public void Domain_reaches_no_database() =>
        Assert.That(
            Rules.Domain_reaches_no_database(
                ModuleTypes.Where(type => type.Namespace?.Split('.').Contains("Domain") == true)
            ),
            Is.Empty
        );

    [Test]
    public void A_module_s_sql_names_tables_of_its_own_schema_alone() =>
        Assert.That(
            Modules
                .All.Where(module => Files(module).Any())
                .SelectMany(module =>
                    Rules.Sql_names_tables_of_its_own_schema_alone(module.Name, Files(module), Tables())
                ),
            Is.Empty
        );

    /// <summary>Every table that a migration makes, by schema.</summary>
    internal static ILookup<string, string> Tables() =>
        Rules
            .Some(
                Directory.EnumerateFiles(
                    Path.Combine(SourceRoot(), "Infrastructure", "Persistence", "Migrations", "Scripts"),
                    "*.up.sql"
                )
            )
            .SelectMany(script => CreatedTable().Matches(File.ReadAllText(script)))
            .ToLookup(match => match.Groups["schema"].Value, match => match.Groups["table"].Value);

    private static IEnumerable<SourceFile> Files(IModule module, string folder = "")
    {
        var root = Path.Combine(
            SourceRoot(),
            "Modules",
            module.GetType().Name.Replace("Module", "", StringComparison.Ordinal),
            folder
        );
        return Directory.Exists(root)
            ? Directory
                .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(path =>
                    !path.Contains(
                        $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                        StringComparison.Ordinal
                    )
                )
                .Select(path => new SourceFile(Path.GetRelativePath(SourceRoot(), path), File.ReadAllText(path)))
            : [];
    }

    private static string SourceRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "src"));

    [GeneratedRegex(
        @"create\s+table\s+(if\s+not\s+exists\s+)?(?<schema>\w+)\.(?<table>\w+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex CreatedTable();
}
