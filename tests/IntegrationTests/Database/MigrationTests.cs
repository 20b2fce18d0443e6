using CryptoBeacon.Infrastructure.Persistence.Migrations;
using CryptoBeacon.WebApi;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

internal sealed class MigrationTests
{
    [Test]
    public async Task The_series_has_no_gap_and_every_migration_its_paragraph_in_the_change_log()
    {
        var ids = await IdsAsync(TestRun.Server.OwnerConnectionString);

        Assert.That(
            ids.Select(id => id[..4]),
            Is.EqualTo(Enumerable.Range(1, ids.Length).Select(number => number.ToString("0000")))
        );
        using var reader = new StreamReader(
            typeof(MigrationTests).Assembly.GetManifestResourceStream("schema-changelog.md")!
        );
        var headings = (await reader.ReadToEndAsync())
            .Split('\n')
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .ToList();
        Assert.That(ids, Has.All.Matches<string>(id => headings.Exists(heading => heading.Contains(id))));
    }

    [Test]
    public async Task Up_down_and_up_again_gives_the_same_catalogue_one_by_one()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("up_down_up");
        var migrator = new DatabaseMigrator(owner, Modules.All);
        await migrator.UpgradeAsync(CancellationToken.None);
        var before = await Catalogue.ReadAsync(superuser);

        for (var number = (await IdsAsync(owner)).Length - 1; number >= 0; number--)
        {
            await migrator.DowngradeAsync(number, CancellationToken.None);
        }

        Assert.That(await Catalogue.ReadAsync(superuser), Has.All.Contains("schema_versions"));
        await migrator.UpgradeAsync(CancellationToken.None);
        Assert.That(await Catalogue.ReadAsync(superuser), Is.EqualTo(before));
    }

    [Test]
    public async Task What_the_older_schema_can_hold_survives_down_and_up()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("data_survives");
        var migrator = new DatabaseMigrator(owner, Modules.All);
        await migrator.UpgradeAsync(CancellationToken.None);
        await using var connection = new NpgsqlConnection(superuser);
        await connection.ExecuteAsync(
            """
            insert into identity.users (id, email, password_hash) values ('0198f000-0000-7000-8000-000000000001', 'kept@tests.example', 'x');
            insert into portfolios.portfolios (id, user_id, name, is_default)
            values ('0198f000-0000-7000-8000-000000000002', '0198f000-0000-7000-8000-000000000001', 'Kept', true);
            """
        );

        await migrator.DowngradeAsync(3, CancellationToken.None);
        await migrator.UpgradeAsync(CancellationToken.None);

        Assert.That(
            await connection.ExecuteScalarAsync<string>("select name from portfolios.portfolios"),
            Is.EqualTo("Kept")
        );
        Assert.That(
            await connection.ExecuteScalarAsync<long>("select count(*) from identity.users where not is_system"),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task Two_instances_that_start_together_migrate_once()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("two_at_once");

        await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ => new DatabaseMigrator(owner, Modules.All).UpgradeAsync(CancellationToken.None))
        );

        await using var connection = new NpgsqlConnection(superuser);
        var applied = await connection.ExecuteScalarAsync<int>("select count(*)::int from platform.schema_versions");
        Assert.That(applied, Is.EqualTo((await IdsAsync(owner)).Length));
    }

    [Test]
    public void A_number_that_no_migration_has_is_refused() =>
        Assert.That(
            () =>
                new DatabaseMigrator(TestRun.Server.OwnerConnectionString, Modules.All).DowngradeAsync(
                    9999,
                    CancellationToken.None
                ),
            Throws.TypeOf<ArgumentOutOfRangeException>()
        );

    private static async Task<string[]> IdsAsync(string owner) =>
        [
            .. (await new DatabaseMigrator(owner, Modules.All).StatusAsync(CancellationToken.None)).Select(migration =>
                migration.Id
            ),
        ];
}
