using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>The database defends itself: what code forgets must give nothing.</summary>
internal sealed class RowLevelSecurityTests
{
    private const string App = "crypto_beacon_app";
    private const string Worker = "crypto_beacon_worker";

    /// <summary>Administrators may look at these of everybody's; of everything else at their own.</summary>
    private static readonly string[] ShownToAdministrators = ["identity.users", "audit.audit_entries"];

    [Test]
    public async Task Every_table_with_a_users_data_says_whose_each_row_is_and_forces_its_policies()
    {
        var tables = await TablesAsync();

        Assert.That(tables, Has.Length.GreaterThan(15));
        Assert.That(tables.Where(table => table.Owner is null), Is.Empty);
        Assert.That(
            await QueryAsync(
                """
                select c.oid::regclass::text from pg_class c
                where c.oid = any (@names::regclass[]::oid[])
                    and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
                """,
                new { names = tables.Select(table => table.Name).ToArray() }
            ),
            Is.Empty
        );
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Nobody_reads_or_changes_a_row_of_somebody_else(bool isAdministrator)
    {
        foreach (var table in await TablesAsync())
        {
            await using var rows = await RowsOfTwoUsers.InsertAsync(table, isAdministrator);
            var me = RowsOfTwoUsers.Ada;

            if (!isAdministrator || !ShownToAdministrators.Contains(table.Name))
            {
                Assert.That(await rows.TryToReadAsync(App, me), Is.EqualTo("1").Or.EqualTo("refused"), $"{table} read");
            }

            Assert.That(await rows.TryToInsertAsync(App, me), Is.EqualTo("refused"), $"{table} insert");
            Assert.That(
                await rows.TryToUpdateAsync(App, me),
                Has.All.AnyOf("0", "1", "refused"),
                $"{table} update of what is another's"
            );
            Assert.That(
                await rows.TryToGiveAwayAsync(App, me),
                Is.EqualTo("0").Or.EqualTo("refused"),
                $"{table} update of what is one's own to another's"
            );
            Assert.That(await rows.TryToDeleteAsync(App, me), Is.AnyOf("0", "1", "refused"), $"{table} delete");
        }
    }

    [Test]
    public async Task Without_a_user_there_are_no_rows()
    {
        foreach (var table in await TablesAsync())
        {
            await using var rows = await RowsOfTwoUsers.InsertAsync(table, isAdaAdministrator: false);

            Assert.That(await rows.TryToReadAsync(App, null), Is.AnyOf("0", "refused"), $"{table} read");
            Assert.That(await rows.TryToInsertAsync(App, null), Is.EqualTo("refused"), $"{table} insert");
            Assert.That(await rows.TryToUpdateAsync(App, null), Has.All.AnyOf("0", "refused"), $"{table} update");
            Assert.That(await rows.TryToDeleteAsync(App, null), Is.AnyOf("0", "refused"), $"{table} delete");
        }
    }

    [Test]
    public async Task The_proof_finds_a_table_that_is_left_open()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.ExecuteAsync(
            """
            create table public.left_open (user_id uuid not null references identity.users (id) deferrable, note text not null);
            grant select, insert, update, delete on public.left_open to crypto_beacon_app;
            """
        );
        try
        {
            var table = (await TablesAsync()).Single(table => table.Name == "public.left_open");
            await using var rows = await RowsOfTwoUsers.InsertAsync(table, isAdaAdministrator: false);
            var me = RowsOfTwoUsers.Ada;

            Assert.That(await rows.TryToReadAsync(App, me), Is.EqualTo("2"));
            Assert.That(await rows.TryToInsertAsync(App, me), Does.Contain("Bob's"));
            Assert.That(await rows.TryToUpdateAsync(App, me), Has.All.Contain("Bob's"));
            Assert.That(await rows.TryToGiveAwayAsync(App, me), Does.Contain("Bob's"));
            Assert.That(await rows.TryToDeleteAsync(App, me), Does.Contain("Bob's"));
        }
        finally
        {
            await connection.ExecuteAsync("drop table public.left_open");
        }
    }

    [Test]
    public async Task No_login_reads_or_writes_what_opens_an_account()
    {
        var secrets = await QueryAsync(
            """
            select format('%s.%s', a.attrelid::regclass, a.attname)
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relnamespace = 'identity'::regnamespace
            where a.attname in ('password_hash', 'role', 'is_active', 'email_verified') and not a.attisdropped
                and (
                    a.attname = 'password_hash' and has_column_privilege(@App, c.oid, a.attnum, 'select')
                    or has_column_privilege(@App, c.oid, a.attnum, 'insert') or has_column_privilege(@App, c.oid, a.attnum, 'update')
                    or a.attname = 'password_hash' and has_column_privilege(@Worker, c.oid, a.attnum, 'select')
                    or has_column_privilege(@Worker, c.oid, a.attnum, 'insert') or has_column_privilege(@Worker, c.oid, a.attnum, 'update'))
            """,
            new { App, Worker }
        );

        Assert.That(secrets, Is.Empty);
    }

    [Test]
    public async Task The_logins_reach_no_partition_no_job_and_no_catalogue_past_the_policies()
    {
        // A partition has no policies of its own, and TRUNCATE asks none.
        var ways = await QueryAsync(
            """
            select format('%s %s %s', login, c.oid::regclass, privilege)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            cross join unnest(array[@App, @Worker]) login
            cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) privilege
            where c.relkind in ('r', 'p') and has_table_privilege(login, c.oid, privilege)
                and (
                    privilege in ('truncate', 'references', 'trigger')
                    or c.relispartition and not c.relrowsecurity
                    or n.nspname = 'hangfire' and login = @App)
                and not (n.nspname = 'hangfire' and login = @Worker)
            """,
            new { App, Worker }
        );

        Assert.That(ways, Is.Empty);
    }

    [Test]
    public async Task Functions_that_run_with_their_owners_rights_belong_to_a_role_without_login_and_are_nobodys_by_default()
    {
        var definers = await QueryAsync(
            """
            select format('%s owner %s, %s, %s', p.oid::regprocedure, p.proowner::regrole,
                case when exists (select from unnest(p.proconfig) c where c like 'search_path=pg_catalog%') then 'pinned' else 'not pinned' end,
                case when has_function_privilege('public', p.oid, 'execute') then 'public' else 'granted' end)
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema', 'hangfire')
            """
        );

        Assert.That(definers, Has.Length.GreaterThan(15));
        Assert.That(
            definers,
            Has.All.EndsWith("owner crypto_beacon_auth, pinned, granted")
                .Or.EndsWith("owner crypto_beacon_owner, pinned, granted")
        );
        Assert.That(
            await QueryAsync(
                "select rolname from pg_roles where rolname = 'crypto_beacon_auth' and (rolcanlogin or rolsuper or rolbypassrls)"
            ),
            Is.Empty
        );
        Assert.That(
            await QueryAsync(
                "select login from unnest(array[@App, @Worker]) login where pg_has_role(login, 'crypto_beacon_auth', 'member') or pg_has_role(login, 'crypto_beacon_owner', 'member')",
                new { App, Worker }
            ),
            Is.Empty
        );
    }

    [Test]
    public async Task The_logins_own_nothing_and_bypass_nothing()
    {
        var roles = await QueryAsync(
            """
            select format('%s %s %s %s', rolname, rolsuper, rolbypassrls,
                exists (select from pg_class c where c.relowner = r.oid))
            from pg_roles r where rolname in ('crypto_beacon_app', 'crypto_beacon_worker', 'crypto_beacon_owner') order by rolname
            """
        );

        Assert.That(
            roles,
            Is.EqualTo(new[] { "crypto_beacon_app f f f", "crypto_beacon_owner f f t", "crypto_beacon_worker f f f" })
        );
    }

    [Test]
    public async Task Views_run_as_whoever_asks() =>
        Assert.That(
            await QueryAsync(
                """
                select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'v' and n.nspname not in ('hangfire', 'pg_catalog', 'information_schema')
                    and not coalesce(c.reloptions @> array['security_invoker=true'], false)
                """
            ),
            Is.Empty
        );

    private static async Task<UserTable[]> TablesAsync()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        return await UserTable.DiscoverAsync(connection);
    }

    private static async Task<string[]> QueryAsync(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        return [.. await connection.QueryAsync<string>(sql, parameters)];
    }
}
