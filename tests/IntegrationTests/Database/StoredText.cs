using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>Where a text is stored, in whatever table.</summary>
internal static class StoredText
{
    /// <summary>Every column of every table of every schema, whatever its type, as its text; bytes as the text that they may hold.</summary>
    public static async Task<List<string>> FindAsync(string superuserConnectionString, string text)
    {
        await using var connection = new NpgsqlConnection(superuserConnectionString);
        var columns = await connection.QueryAsync<(string Table, string Column, bool IsBytes)>(
            """
            select format('%I.%I', n.nspname, c.relname), format('%I', a.attname), a.atttypid = 'bytea'::regtype
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            """
        );
        var found = new List<string>();
        foreach (var (table, column, isBytes) in columns)
        {
            var shown = isBytes ? $"encode({column}, 'escape')" : $"{column}::text";
            if (
                await connection.ExecuteScalarAsync<bool>(
                    $"select exists (select from {table} where strpos(lower({shown}), lower(@text)) > 0)",
                    new { text }
                )
            )
            {
                found.Add($"{table}.{column}");
            }
        }

        return found;
    }
}
