using System.Data;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Privacy;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.Infrastructure.Security;
using Dapper;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Privacy;

internal sealed class PersonalData(DataSources dataSources, CurrentUser user, TimeProvider clock) : IPersonalData
{
    private const int FlushAt = 64 * 1024;

    /// <summary>
    /// A statement a table, whose rows are in the contract's names and forms: its text is made of the catalogue's names alone, which format quotes. What waits
    /// in the audit outbox is in the trail a second later.
    /// </summary>
    private const string Tables = """
        select schema, name,
            format('select row_to_json(shown)::text from (select %s from %I.%I t where t.%I = @userId) shown', columns, schema, name, owner) as sql
        from (
            select n.nspname as schema, c.relname as name, case when c.oid = 'identity.users'::regclass then 'id' else 'user_id' end as owner,
                string_agg(
                    case
                        when c.oid = 'audit.audit_entries'::regclass and a.attname = 'changes' then 'audit.changes_of(t) as changes'
                        when a.atttypid = 'numeric'::regtype then format('trim_scale(t.%I)::text as %I', a.attname, shown.name)
                        when a.atttypid = 'inet'::regtype then format('host(t.%I) as %I', a.attname, shown.name)
                        when a.atttypid = 'timestamptz'::regtype
                        then format('to_char(t.%I at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.US"Z"'') as %I', a.attname, shown.name)
                        else format('t.%I as %I', a.attname, shown.name)
                    end,
                    ', ' order by a.attnum)
                    || case when c.oid = 'audit.audit_entries'::regclass then ', audit.address_of(t) as "ipAddress"' else '' end as columns
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            cross join lateral (
                select string_agg(case when position = 1 then word else initcap(word) end, '' order by position)
                from string_to_table(a.attname, '_') with ordinality as words (word, position)
            ) shown (name)
            where c.relkind in ('r', 'p') and not c.relispartition and c.oid <> 'audit.audit_outbox'::regclass
                and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
                and a.attname <> 'user_id' and a.atttypid <> 'bytea'::regtype and not audit.is_secret(a.attname)
                and (c.oid = 'identity.users'::regclass
                    or exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'user_id' and not o.attisdropped))
            group by n.nspname, c.relname, c.oid
        ) tables
        order by schema, name
        """;

    public async Task WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        await using var connection = await dataSources.Exports.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var settings = new DynamicParameters();
        foreach (var (name, value) in UserSettings.Of(user))
        {
            settings.Add(name, value);
        }

        await connection.ExecuteAsync(UserSettings.Sql, settings);
        var tables = await connection.QueryAsync<Table>(Tables);

        Write(output, $$"""{"exportedAt":"{{UtcTime.Format(clock.GetUtcNow())}}","userId":"{{user.Id}}" """);
        foreach (var schema in tables.GroupBy(table => table.Schema))
        {
            Write(output, $",{Name(schema.Key)}:{{");
            var isFirst = true;
            foreach (var table in schema)
            {
                Write(output, $"{(isFirst ? "" : ",")}{Name(table.Name)}:[");
                await WriteRowsAsync(connection, table.Sql, output, cancellationToken);
                Write(output, "]");
                isFirst = false;
            }

            Write(output, "}");
        }

        Write(output, "}");
        await output.FlushAsync(cancellationToken);
    }

    private async Task WriteRowsAsync(
        NpgsqlConnection connection,
        string sql,
        PipeWriter output,
        CancellationToken cancellationToken
    )
    {
        await using var rows = await connection.ExecuteReaderAsync(
            new CommandDefinition(
                sql,
                new { userId = user.Id },
                commandTimeout: DbSession.CommandSeconds,
                cancellationToken: cancellationToken
            )
        );
        for (var isFirst = true; await rows.ReadAsync(cancellationToken); isFirst = false)
        {
            Write(output, isFirst ? "\n" : ",\n");
            Write(output, rows.GetString(0));
            if (output.UnflushedBytes > FlushAt)
            {
                await output.FlushAsync(cancellationToken);
            }
        }
    }

    private static string Name(string snakeCase)
    {
        var words = snakeCase.Split('_');
        return JsonSerializer.Serialize(
            words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]))
        );
    }

    private static void Write(PipeWriter output, string text) => Encoding.UTF8.GetBytes(text, output);

    private sealed record Table
    {
        public required string Schema { get; init; }

        public required string Name { get; init; }

        public required string Sql { get; init; }
    }
}
