using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>What PostgreSQL says of its own schema, a line a fact.</summary>
internal static class Catalogue
{
    /// <summary>Columns, constraints, indexes, policies, grants, functions and triggers of all our schemas, in a fixed order.</summary>
    public static async Task<string[]> ReadAsync(string superuserConnectionString)
    {
        await using var connection = new NpgsqlConnection(superuserConnectionString);
        return
        [
            .. await connection.QueryAsync<string>(
                """
                with ours as (
                    select oid, nspname from pg_namespace
                    where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
                )
                select fact from (
                    select format('column %s %s %s%s%s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
                        case when a.attnotnull then ' not null' end, ' default ' || pg_get_expr(d.adbin, d.adrelid))
                    from pg_attribute a
                    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v')
                    join ours on ours.oid = c.relnamespace
                    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                    where a.attnum > 0 and not a.attisdropped
                    union all
                    select format('table %s rls %s forced %s owner %s grants %s', c.oid::regclass, c.relrowsecurity, c.relforcerowsecurity,
                        c.relowner::regrole, (select string_agg(g::text, ',' order by g::text) from unnest(c.relacl) g))
                    from pg_class c join ours on ours.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'S')
                    union all
                    select format('constraint %s %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
                    from pg_constraint c join ours on ours.oid = c.connamespace
                    union all
                    select format('index %s', pg_get_indexdef(i.indexrelid))
                    from pg_index i join pg_class c on c.oid = i.indexrelid join ours on ours.oid = c.relnamespace
                    union all
                    select format('policy %s %s %s %s %s %s', p.tablename, p.policyname, p.cmd, p.roles, p.qual, p.with_check)
                    from pg_policies p join ours on ours.nspname = p.schemaname
                    union all
                    select format('column grant %s.%s %s', a.attrelid::regclass, a.attname,
                        (select string_agg(g::text, ',' order by g::text) from unnest(a.attacl) g))
                    from pg_attribute a join pg_class c on c.oid = a.attrelid join ours on ours.oid = c.relnamespace
                    where a.attacl is not null
                    union all
                    select format('function %s owner %s grants %s: %s', p.oid::regprocedure, p.proowner::regrole,
                        (select string_agg(g::text, ',' order by g::text) from unnest(p.proacl) g), md5(pg_get_functiondef(p.oid)))
                    from pg_proc p join ours on ours.oid = p.pronamespace where p.prokind = 'f'
                    union all
                    select format('trigger %s', pg_get_triggerdef(t.oid))
                    from pg_trigger t join pg_class c on c.oid = t.tgrelid join ours on ours.oid = c.relnamespace
                    where not t.tgisinternal
                ) facts (fact)
                order by fact collate "C"
                """
            ),
        ];
    }
}
