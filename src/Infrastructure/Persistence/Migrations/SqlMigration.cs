using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CryptoBeacon.Infrastructure.Persistence.Migrations;

/// <summary>A pair of plain SQL scripts, <c>NNNN_name.up.sql</c> and <c>NNNN_name.down.sql</c>, as a migration of EF Core's.</summary>
[DbContext(typeof(MigrationContext))]
public abstract class SqlMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Script("up"));

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Script("down"));

    private string Script(string direction)
    {
        var id = GetType().GetCustomAttribute<MigrationAttribute>()!.Id;
        using var stream =
            typeof(SqlMigration).Assembly.GetManifestResourceStream($"{id}.{direction}.sql")
            ?? throw new InvalidOperationException($"The script {id}.{direction}.sql is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Ids are <c>0006_alerts</c>, which sort as EF Core's own time stamps do; the name is what follows the first underscore.</summary>
#pragma warning disable EF1001 // the interface is internal by name only: it is the documented place to replace
internal sealed class NumberedMigrationIds : IMigrationsIdGenerator
{
    public string GenerateId(string name) =>
        throw new NotSupportedException("Migrations are SQL scripts: add a numbered pair.");

    public string GetName(string id) => id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..];

    public bool IsValidId(string value) =>
        value.Length > 5 && value[4] == '_' && value.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0;
}
#pragma warning restore EF1001
