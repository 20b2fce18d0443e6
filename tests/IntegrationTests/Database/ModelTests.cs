using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.WebApi;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>There is no snapshot of EF Core's: the live catalogue is what its model is held against.</summary>
internal sealed class ModelTests
{
    [Test]
    public async Task Every_mapped_column_is_in_the_catalogue_with_its_type_and_nullability()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await using var context = new BeaconDbContext(connection, Modules.All);
        var mapped = context
            .Model.GetEntityTypes()
            .SelectMany(entity => entity.GetProperties().Select(property => Fact(entity, property)))
            .ToList();

        var live = (
            await connection.QueryAsync<string>(
                """
                select format('%s.%s.%s %s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                    case when a.attnotnull then ' required' end)
                from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                where not a.attisdropped
                """
            )
        ).ToHashSet();

        Assert.That(mapped, Is.Not.Empty);
        Assert.That(mapped.Where(fact => !live.Contains(fact)), Is.Empty);
    }

    private static string Fact(IEntityType entity, IProperty property)
    {
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        return $"{table.Schema}.{table.Name}.{property.GetColumnName(table)} {property.GetColumnType()}{(property.IsNullable ? "" : " required")}";
    }
}
