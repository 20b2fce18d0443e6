using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>The database defends itself: what code forgets must give nothing.</summary>
internal sealed class RowLevelSecurityTests
{
    [Test]
    public async Task Every_table_with_a_users_data_forces_row_level_security_and_has_a_policy()
    {
        var tables = await QueryAsync(
            """
            select format('%s rls %s policies %s', c.oid::regclass, c.relrowsecurity and c.relforcerowsecurity,
                (select count(*) > 0 from pg_policy p where p.polrelid = c.oid))
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('hangfire', 'pg_catalog', 'information_schema')
                and (c.oid = 'identity.users'::regclass
                    or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped))
            """
        );

        Assert.That(tables, Has.Length.GreaterThan(15));
        Assert.That(tables, Has.All.EndsWith("rls t policies t"));
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

    private static async Task<string[]> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        return [.. await connection.QueryAsync<string>(sql)];
    }
}
