using System.Reflection;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence.Migrations;

/// <summary>
/// The one series of migrations, run by EF Core's migrator as the owner. Instances that start together take turns: EF Core's own lock ends with
/// each migration's transaction, which lets a second one in between two of them.
/// </summary>
public sealed class DatabaseMigrator(string ownerConnectionString)
{
    /// <summary>The ids of all migrations, in order.</summary>
    public static IReadOnlyList<string> Ids { get; } =
    [
        .. typeof(SqlMigration)
            .Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
            .OfType<string>()
            .Order(StringComparer.Ordinal),
    ];

    public async Task UpgradeAsync(CancellationToken cancellationToken)
    {
        // Nearly every start finds nothing to do, and need not load EF Core to find that out.
        if (!await HasAllAsync(cancellationToken))
        {
            await RunAsync(async database =>
            {
                await database.MigrateAsync(cancellationToken);
                return true;
            });
        }
    }

    /// <param name="number">The last migration to keep, such as 6; 0 undoes all.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such migration.</exception>
    public Task DowngradeAsync(int number, CancellationToken cancellationToken) =>
        RunAsync(async database =>
        {
            await database.GetService<IMigrator>().MigrateAsync(Id(database, number), cancellationToken);
            return true;
        });

    /// <summary>Every migration and whether this database has it.</summary>
    public Task<IReadOnlyList<(string Id, bool Applied)>> StatusAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<(string, bool)>>(async database =>
        {
            var applied = (await database.GetAppliedMigrationsAsync(cancellationToken)).ToHashSet();
            return [.. database.GetMigrations().Select(id => (id, applied.Contains(id)))];
        });

    /// <summary>The SQL that leads from one migration to another, up or down.</summary>
    public Task<string> ScriptAsync(int from, int to) =>
        RunAsync(database =>
            Task.FromResult(database.GetService<IMigrator>().GenerateScript(Id(database, from), Id(database, to)))
        );

    private async Task<bool> HasAllAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        try
        {
            var applied = await connection.QueryAsync<string>(
                new CommandDefinition(
                    "select migration_id from platform.schema_versions",
                    cancellationToken: cancellationToken
                )
            );
            return !Ids.Except(applied).Any();
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return false;
        }
    }

    private NpgsqlConnectionStringBuilder Settings =>
        new(ownerConnectionString) { Pooling = false, CommandTimeout = 0 };

    private static string Id(DatabaseFacade database, int number) =>
        number == 0
            ? Migration.InitialDatabase
            : database.GetMigrations().SingleOrDefault(id => id.StartsWith($"{number:0000}_", StringComparison.Ordinal))
                ?? throw new ArgumentOutOfRangeException(
                    nameof(number),
                    number,
                    "There is no migration of this number."
                );

    private async Task<T> RunAsync<T>(Func<DatabaseFacade, Task<T>> work)
    {
        await using var connection = new NpgsqlConnection(Settings.ConnectionString);
        await connection.OpenAsync();
        // Held until the connection closes.
        await connection.ExecuteAsync("select pg_advisory_lock(hashtextextended('crypto_beacon.migrations', 0))");
        await using var context = new MigrationContext(connection);
        return await work(context.Database);
    }
}
