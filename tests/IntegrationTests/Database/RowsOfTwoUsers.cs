using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

/// <summary>A table whose rows belong to users.</summary>
/// <param name="Owner">The column that says to whom; null: none does.</param>
internal sealed record UserTable(string Name, string? Owner)
{
    /// <summary>What refers to users, directly or through others, or names one: found, not listed.</summary>
    public static async Task<UserTable[]> DiscoverAsync(NpgsqlConnection connection) =>
        [
            .. await connection.QueryAsync<UserTable>(
                """
                with recursive of_users (id) as (
                    select 'identity.users'::regclass::oid
                    union
                    select c.conrelid from pg_constraint c join of_users on of_users.id = c.confrelid where c.contype = 'f'
                )
                select format('%I.%I', n.nspname, c.relname) as name,
                    case when c.oid = 'identity.users'::regclass then 'id' else owner.attname::text end as owner
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('hangfire', 'pg_catalog', 'information_schema')
                left join pg_attribute owner on owner.attrelid = c.oid and owner.attname = 'user_id' and not owner.attisdropped
                where c.relkind in ('r', 'p') and not c.relispartition and (owner.attname is not null or c.oid in (select id from of_users))
                order by name
                """
            ),
        ];
}

/// <summary>
/// One row of Ada and one of Bob in a table, whatever its columns, in a transaction that is never committed. Checks, references and triggers are out of
/// force in it, so that what refuses is a grant or a policy and nothing else.
/// </summary>
internal sealed class RowsOfTwoUsers : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly UserTable _table;
    private readonly string _insert;
    private readonly string _rowOfBob;

    private RowsOfTwoUsers(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        UserTable table,
        string insert,
        string rowOfBob
    )
    {
        _connection = connection;
        _transaction = transaction;
        _table = table;
        _insert = insert;
        _rowOfBob = rowOfBob;
    }

    public static Guid Ada { get; } = Guid.CreateVersion7();

    public static Guid Bob { get; } = Guid.CreateVersion7();

    public static async Task<RowsOfTwoUsers> InsertAsync(UserTable table, bool isAdaAdministrator)
    {
        var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("set local session_replication_role = replica; set local lock_timeout = '20s'");
        foreach (
            var drop in await connection.QueryAsync<string>(
                "select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint where conrelid = @name::regclass and contype = 'c'",
                new { name = table.Name }
            )
        )
        {
            await connection.ExecuteAsync(drop);
        }

        var insert = await InsertOfAsync(connection, table);
        await connection.ExecuteAsync(insert, new { owner = Ada });
        await connection.ExecuteAsync(insert, new { owner = Bob });
        if (isAdaAdministrator)
        {
            await connection.ExecuteAsync(
                """
                insert into identity.users (id, email, password_hash, role) values (@Ada, 'ada@tests.example', 'x', 'admin')
                on conflict (id) do update set role = 'admin'
                """,
                new { Ada }
            );
        }

        return new RowsOfTwoUsers(
            connection,
            transaction,
            table,
            insert,
            await RowOfBobAsync(connection, table) ?? throw new InvalidOperationException($"{table} has no row.")
        );
    }

    /// <summary>What the statement did, done by a login on behalf of a user and undone again: a number, or <c>refused</c>.</summary>
    public async Task<string> TryAsync(string login, Guid? user, string sql, object? parameters = null)
    {
        await _transaction.SaveAsync("attempt");
        try
        {
            await _connection.ExecuteAsync(
                "select set_config('app.user_id', @user, true)",
                new { user = user?.ToString() ?? "" }
            );
            await _connection.ExecuteAsync($"set local role {login}");
            var done = sql.StartsWith("select", StringComparison.Ordinal)
                ? await _connection.ExecuteScalarAsync<long>(sql, parameters)
                : await _connection.ExecuteAsync(sql, parameters);
            await _connection.ExecuteAsync("set local role none");
            return await RowOfBobAsync(_connection, _table) == _rowOfBob ? $"{done}" : $"{done}, among them Bob's";
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return "refused";
        }
        finally
        {
            await _transaction.RollbackAsync("attempt");
        }
    }

    public Task<string> TryToReadAsync(string login, Guid? user) =>
        TryAsync(login, user, $"select count(*) from {_table.Name}");

    /// <summary>A row that says it is Bob's.</summary>
    public Task<string> TryToInsertAsync(string login, Guid? user) =>
        TryAsync(login, user, _insert, new { owner = Bob });

    public Task<string> TryToDeleteAsync(string login, Guid? user) =>
        TryAsync(login, user, $"delete from {_table.Name}");

    public Task<string> TryToGiveAwayAsync(string login, Guid? user) =>
        TryAsync(login, user, $"update {_table.Name} set {_table.Owner} = @Bob", new { Bob });

    /// <summary>Every column that the login may write, one after the other.</summary>
    public async Task<string[]> TryToUpdateAsync(string login, Guid? user)
    {
        var columns = await _connection.QueryAsync<string>(
            """
            select quote_ident(attname) from pg_attribute
            where attrelid = @name::regclass and attnum > 0 and not attisdropped
                and has_column_privilege(@login, attrelid, attnum, 'update')
            """,
            new { name = _table.Name, login }
        );
        var outcomes = new List<string>();
        foreach (var column in columns)
        {
            outcomes.Add(await TryAsync(login, user, $"update {_table.Name} set {column} = {column}"));
        }

        return [.. outcomes];
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>A value for whatever must have one and has no default.</summary>
    private static async Task<string> InsertOfAsync(NpgsqlConnection connection, UserTable table)
    {
        var columns = (
            await connection.QueryAsync<(string Name, string Type)>(
                """
                select attname::text, format_type(atttypid, atttypmod)
                from pg_attribute
                where attrelid = @name::regclass and attnum > 0 and not attisdropped
                    and (attnotnull and not atthasdef and attidentity = '' or attname = @owner)
                """,
                new { name = table.Name, owner = table.Owner }
            )
        ).ToList();
        var names = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
        var values = string.Join(
            ", ",
            columns.Select(column => column.Name == table.Owner ? "@owner" : AnyValueOf(column.Type))
        );
        return $"insert into {table.Name} ({names}) values ({values})";
    }

    private static string AnyValueOf(string type) =>
        type switch
        {
            "uuid" => "gen_random_uuid()",
            "text" => "md5(random()::text)",
            "bytea" => "sha256(random()::text::bytea)",
            "smallint" or "integer" or "bigint" => "(random() * 30000)::integer",
            "numeric" => "1",
            "boolean" => "false",
            "date" => "current_date",
            "timestamp with time zone" => "now()",
            "interval" => "interval '1 minute'",
            "jsonb" => "'{}'::jsonb",
            "inet" => "'127.0.0.1'::inet",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => $"'{{}}'::{type}",
            _ => throw new NotSupportedException($"A value of type {type} is not known here yet."),
        };

    /// <summary>Its place and its version.</summary>
    private static Task<string?> RowOfBobAsync(NpgsqlConnection connection, UserTable table) =>
        connection.ExecuteScalarAsync<string?>(
            $"select string_agg(format('%s %s %s', tableoid, ctid, xmin), ', ') from {table.Name} where {table.Owner} = @Bob",
            new { Bob }
        );
}
