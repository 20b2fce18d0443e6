using System.Reflection;
using CryptoBeacon.Application.Messaging;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using MediatR;

namespace CryptoBeacon.UnitTests.Architecture;

/// <summary>Each rule, broken on purpose: a rule that finds nothing here would find nothing anywhere.</summary>
internal sealed class RulesAreKeenTests
{
    private static readonly Type[] Broken = [typeof(BrokenCommand), typeof(BrokenHandler), typeof(SecondHandler)];

    private static readonly ILookup<string, string> Tables = new[]
    {
        ("trading", "trades"),
        ("portfolios", "portfolios"),
    }.ToLookup(table => table.Item1, table => table.Item2);

    [Test]
    public void A_reference_to_another_module_is_found() =>
        Assert.That(
            Rules.A_module_references_application_and_domain_alone([Assembly.GetExecutingAssembly()]),
            Has.Some.Contains("CryptoBeacon.WebApi")
        );

    [Test]
    public void A_public_type_is_found() =>
        Assert.That(
            Rules.Nothing_of_a_module_is_public_but_the_module([typeof(Result).Assembly]),
            Has.Some.Contains("Result")
        );

    [Test]
    public void An_open_handler_is_found() =>
        Assert.That(
            Rules.A_handler_is_internal_and_sealed(Broken),
            Is.EqualTo(new[] { $"{typeof(BrokenHandler)} is not internal sealed" })
        );

    [Test]
    public void A_second_handler_is_found() =>
        Assert.That(Rules.A_message_has_one_handler(Broken), Has.Exactly(1).Contains("2 handlers"));

    [Test]
    public void A_missing_validator_is_found() =>
        Assert.That(
            Rules.A_command_with_content_has_a_validator(Broken, new Dictionary<string, string>()),
            Has.Exactly(1).Contains("BrokenCommand")
        );

    [Test]
    public void A_second_use_case_in_a_file_is_found() =>
        Assert.That(
            Rules.A_feature_file_holds_one_use_case([
                new SourceFile("Two.cs", "class A : IRequestHandler<X> {} class B\n    : IRequestHandler<Y> {}"),
            ]),
            Has.Exactly(1).Contains("Two.cs")
        );

    [TestCase("select * from portfolios.portfolios")]
    [TestCase("select * from portfolios")]
    [TestCase("select * from trading.trades t\n join portfolios.portfolios p on true")]
    [TestCase("UPDATE portfolios.portfolios set name = ''")]
    [TestCase("insert into portfolios (id) values (1)")]
    [TestCase("delete from trading.trades using portfolios.portfolios")]
    public void A_foreign_table_is_found(string sql)
    {
        Assert.That(ForeignTablesIn($"\"\"\"{sql}\"\"\""), Is.Not.Empty);
        Assert.That(ForeignTablesIn($"\"{sql.ToLowerInvariant().ReplaceLineEndings(" ")}\""), Is.Not.Empty);
    }

    [TestCase("select * from trading.trades")]
    [TestCase("select * from trades")]
    [TestCase("select * from portfolios.owned_by(@id)")]
    [TestCase("with portfolios as (select 1) select * from portfolios")]
    public void What_is_one_s_own_or_published_passes(string sql) =>
        Assert.That(ForeignTablesIn($"\"\"\"{sql}\"\"\""), Is.Empty);

    [Test]
    public void A_rule_without_subjects_fails() =>
        Assert.That(() => Rules.Some(Array.Empty<string>()), Throws.InvalidOperationException);

    [Test]
    public void A_database_in_the_domain_is_found() =>
        Assert.That(Rules.Domain_reaches_no_database([typeof(BrokenReader)]), Has.Exactly(1).Contains("IReadDatabase"));

    private static IEnumerable<string> ForeignTablesIn(string code) =>
        Rules.Sql_names_tables_of_its_own_schema_alone("trading", [new SourceFile("Sql.cs", code)], Tables);

    internal sealed record BrokenCommand(string Name) : ICommand;

    internal class BrokenHandler : IRequestHandler<BrokenCommand, Result>
    {
        public Task<Result> Handle(BrokenCommand request, CancellationToken cancellationToken) =>
            Task.FromResult(Result.Success);
    }

    internal sealed class SecondHandler : BrokenHandler;

    private sealed class BrokenReader(IReadDatabase database)
    {
        public override string ToString() => $"{database}";
    }
}
