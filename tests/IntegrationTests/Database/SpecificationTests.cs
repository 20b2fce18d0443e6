using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>Holds the live catalogue against <c>docs/specification.md</c>, table by table, as the specification itself lists them.</summary>
internal sealed partial class SpecificationTests
{
    private static readonly Dictionary<string, string> TypeOf = new()
    {
        ["UUID"] = "uuid",
        ["VARCHAR"] = "text",
        ["TEXT"] = "text",
        ["VARCHAR[]"] = "text[]",
        ["TIMESTAMP"] = "timestamp with time zone",
        ["JSONB"] = "jsonb",
        ["BOOLEAN"] = "boolean",
        ["DECIMAL"] = "numeric",
        ["INTEGER"] = "integer",
        ["INTERVAL"] = "interval",
    };

    public static IEnumerable<TestCaseData> SpecifiedTables() =>
        Specification().Select(table => new TestCaseData(table).SetArgDisplayNames(table.Name));

    [Test]
    public void The_specification_lists_thirteen_tables() => Assert.That(Specification(), Has.Count.EqualTo(13));

    [TestCaseSource(nameof(SpecifiedTables))]
    public async Task Every_specified_column_is_there_with_type_and_nullability(SpecifiedTable table)
    {
        var columns = await ColumnsAsync(table.Name);

        foreach (var wanted in table.Columns)
        {
            var column = columns.SingleOrDefault(c => c.Name == wanted.Name);
            Assert.That(column, Is.Not.Null, $"{table.Name}.{wanted.Name} is missing");
            Assert.That(column!.Type, Is.EqualTo(TypeOf[wanted.Type]), $"{table.Name}.{wanted.Name}");
            if (wanted.Constraints.Contains("NOT NULL") || wanted.Constraints.Contains("PK"))
            {
                Assert.That(column.IsRequired, Is.True, $"{table.Name}.{wanted.Name} must be NOT NULL");
            }
        }
    }

    [TestCaseSource(nameof(SpecifiedTables))]
    public async Task Every_specified_default_key_and_reference_is_there(SpecifiedTable table)
    {
        var columns = await ColumnsAsync(table.Name);
        var constraints = await ConstraintsAsync(table.Name);

        foreach (var wanted in table.Columns)
        {
            var column = columns.Single(c => c.Name == wanted.Name);
            if (wanted.Default is { } value)
            {
                Assert.That(
                    column.Default,
                    Does.StartWith(value.Replace("ARRAY['app']", "ARRAY['app'")),
                    $"{table.Name}.{wanted.Name}"
                );
            }

            if (wanted.Constraints.Contains("PK"))
            {
                Assert.That(
                    constraints,
                    Has.Some.Matches($@"^PRIMARY KEY \({wanted.Name}[,)]"),
                    $"{table.Name}.{wanted.Name}"
                );
            }

            if (wanted.References is { } target)
            {
                Assert.That(
                    constraints,
                    Has.Some.Matches($@"^FOREIGN KEY \({wanted.Name}[,)].* REFERENCES (\w+\.)?{target}\(id[,)]"),
                    $"{table.Name}.{wanted.Name} → {target}"
                );
            }
        }
    }

    [TestCase("users", "email")]
    [TestCase("portfolios", "user_id", "is_default")]
    [TestCase("portfolio_assets", "portfolio_id", "coin_id")]
    [TestCase("trades", "user_id", "timestamp")]
    [TestCase("alerts", "user_id", "is_active")]
    [TestCase("alerts", "coin_id", "price", "condition")]
    [TestCase("api_usage", "user_id", "provider_id", "timestamp")]
    public async Task The_indexing_strategy_is_there(string table, params string[] columns)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        var indexes = await connection.QueryAsync<string>(
            "select pg_get_indexdef(indexrelid) from pg_index where indrelid = to_regclass(@table)",
            new { table }
        );

        Assert.That(indexes, Has.Some.Matches<string>(index => columns.All(index[index.IndexOf('(')..].Contains)));
    }

    private static async Task<List<Column>> ColumnsAsync(string table)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        return (
            await connection.QueryAsync<Column>(
                """
                select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as isrequired,
                    coalesce(pg_get_expr(d.adbin, d.adrelid), '') as "default"
                from pg_attribute a
                left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where a.attrelid = to_regclass(@table) and a.attnum > 0 and not a.attisdropped
                """,
                new { table }
            )
        ).AsList();
    }

    private static async Task<string[]> ConstraintsAsync(string table)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        return
        [
            .. await connection.QueryAsync<string>(
                "select pg_get_constraintdef(oid) from pg_constraint where conrelid = to_regclass(@table)",
                new { table }
            ),
        ];
    }

    private static List<SpecifiedTable> Specification()
    {
        using var stream = typeof(SpecificationTests).Assembly.GetManifestResourceStream("specification.md")!;
        using var reader = new StreamReader(stream);
        var tables = new List<SpecifiedTable>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                tables.Add(new SpecifiedTable(line[4..].Trim().ToLowerInvariant(), []));
            }
            else if (Row().Match(line) is { Success: true } row && TypeOf.ContainsKey(row.Groups["type"].Value))
            {
                tables[^1]
                    .Columns.Add(
                        new SpecifiedColumn(
                            row.Groups["name"].Value,
                            row.Groups["type"].Value,
                            row.Groups["constraints"].Value
                        )
                    );
            }
        }

        return tables;
    }

    [GeneratedRegex(@"^\| (?<name>\w+) \| (?<type>[A-Z\[\]]+) \|[^|]*\|(?<constraints>[^|]*)\|$")]
    private static partial Regex Row();

    internal sealed record SpecifiedTable(string Name, List<SpecifiedColumn> Columns);

    internal sealed partial record SpecifiedColumn(string Name, string Type, string Constraints)
    {
        public string? Default =>
            DefaultValue().Match(Constraints) is { Success: true } match ? match.Groups[1].Value.Trim() : null;

        public string? References =>
            Reference().Match(Constraints) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : null;

        [GeneratedRegex(@"DEFAULT (.+?)\s*$")]
        private static partial Regex DefaultValue();

        [GeneratedRegex(@"FK\((\w+)\.id\)")]
        private static partial Regex Reference();
    }

    private sealed record Column
    {
        public required string Name { get; init; }

        public required string Type { get; init; }

        public bool IsRequired { get; init; }

        public required string Default { get; init; }
    }
}
