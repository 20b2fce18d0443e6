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
        Assert.That(
            typeof(SqlMigration)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal)),
            Is.EquivalentTo(ids.SelectMany(id => new[] { $"{id}.up.sql", $"{id}.down.sql" }))
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
        var migrator = new DatabaseMigrator(owner);
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
        var migrator = new DatabaseMigrator(owner);
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
    public async Task The_audit_trail_says_the_same_and_is_whole_in_clear_as_sealed()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("trail_survives");
        var migrator = new DatabaseMigrator(owner);
        await migrator.UpgradeAsync(CancellationToken.None);
        await using var connection = new NpgsqlConnection(superuser);
        // Kept open for what set_config says.
        await connection.OpenAsync();
        await connection.ExecuteAsync(
            """
            insert into identity.users (id, email, password_hash, role)
            values ('0198f000-0000-7000-8000-000000000001', 'kept@tests.example', 'x', 'admin');
            select set_config('app.user_id', '0198f000-0000-7000-8000-000000000001', false), set_config('app.ip_address', '192.0.2.7', false);
            insert into api_integration.coins (coin_id, symbol, name) values ('kept-coin', 'KEPT', 'Kept');
            update identity.users set display_name = 'Kept' where role = 'admin';
            select audit.append_entries(1000);
            update identity.users set display_name = 'Waiting' where role = 'admin';
            """
        );
        const string sealedTrail =
            "select string_agg(concat(audit.changes_of(e), audit.address_of(e)), ' ' order by sequence) from audit.audit_entries e";
        var before = await connection.ExecuteScalarAsync<string>(sealedTrail);

        var sealing = Array.FindIndex(await IdsAsync(owner), id => id.EndsWith("_privacy", StringComparison.Ordinal));
        await migrator.DowngradeAsync(sealing, CancellationToken.None);

        Assert.That(
            await connection.ExecuteScalarAsync<string>(
                "select string_agg(concat(changes, host(ip_address)), ' ' order by sequence) from audit.audit_entries"
            ),
            Is.EqualTo(before).And.Contains("Kept").And.Contains("192.0.2.7")
        );
        Assert.That(await FirstBrokenAsync(), Is.Null);

        await migrator.UpgradeAsync(CancellationToken.None);

        Assert.That(await connection.ExecuteScalarAsync<string>(sealedTrail), Is.EqualTo(before));
        Assert.That(await FirstBrokenAsync(), Is.Null);
        Assert.That(
            await connection.ExecuteScalarAsync<long>(
                "select count(*) from audit.audit_entries e where strpos(e::text, 'kept@tests.example') > 0"
            ),
            Is.Zero
        );

        Task<long?> FirstBrokenAsync() =>
            connection.ExecuteScalarAsync<long?>(
                "select min(e.sequence) from audit.audit_entries e where e.hash <> audit.entry_hash(e)"
            );
    }

    [Test]
    public async Task Two_instances_that_start_together_migrate_once()
    {
        var (owner, superuser) = await TestRun.Server.NewDatabaseAsync("two_at_once");

        await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => new DatabaseMigrator(owner).UpgradeAsync(CancellationToken.None))
        );

        await using var connection = new NpgsqlConnection(superuser);
        var applied = await connection.ExecuteScalarAsync<int>("select count(*)::int from platform.schema_versions");
        Assert.That(applied, Is.EqualTo((await IdsAsync(owner)).Length));
    }

    [Test]
    public void A_number_that_no_migration_has_is_refused() =>
        Assert.That(
            () =>
                new DatabaseMigrator(TestRun.Server.OwnerConnectionString).DowngradeAsync(9999, CancellationToken.None),
            Throws.TypeOf<ArgumentOutOfRangeException>()
        );

    private static async Task<string[]> IdsAsync(string owner) =>
        [.. (await new DatabaseMigrator(owner).StatusAsync(CancellationToken.None)).Select(migration => migration.Id)];
}
