using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence.Migrations;

/// <summary>What EF Core's migrator needs: where it writes down which migrations there are. The scripts are the truth, so there is no model, which would take longer to build than a start has.</summary>
internal sealed class MigrationContext(NpgsqlConnection connection) : DbContext
{
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder
            .UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("schema_versions", "platform"))
            .UseSnakeCaseNamingConvention()
            .ReplaceService<IMigrationsIdGenerator, NumberedMigrationIds>();
}
