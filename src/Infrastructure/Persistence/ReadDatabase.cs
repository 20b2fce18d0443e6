using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Infrastructure.Security;
using Dapper;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>
/// Dapper behind one round trip: outside a command the user's setting and the statements are one batch, and so one implicit transaction, to
/// which the setting is local.
/// </summary>
internal class ReadDatabase(DbSession session, CurrentUser user) : IReadDatabase
{
    static ReadDatabase() => DapperConventions.Apply();

    protected DbSession Session { get; } = session;

    protected virtual Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        Session.OpenForReadingAsync(cancellationToken);

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        RunAsync(sql, parameters, results => results.ReadAsync<T>(), cancellationToken);

    public Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        object? parameters,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken
    ) => RunAsync(sql, parameters, results => results.ReadAsync(read), cancellationToken);

    public Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        RunAsync(sql, parameters, results => results.ReadSingleOrDefaultAsync<T>(), cancellationToken);

    public Task<T> QueryMultipleAsync<T>(
        string sql,
        object? parameters,
        Func<IResultSets, Task<T>> read,
        CancellationToken cancellationToken
    ) => RunAsync(sql, parameters, read, cancellationToken);

    public IAsyncEnumerable<T> StreamAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        StreamRowsAsync(sql, parameters, ParserOf<T>, cancellationToken);

    public IAsyncEnumerable<T> StreamAsync<T>(
        string sql,
        object? parameters,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken
    ) => StreamRowsAsync(sql, parameters, _ => read, cancellationToken);

    private async IAsyncEnumerable<T> StreamRowsAsync<T>(
        string sql,
        object? parameters,
        Func<DbDataReader, Func<DbDataReader, T>> parser,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        try
        {
            await using var reader = await OpenReaderAsync(sql, parameters, cancellationToken);
            var parse = parser(reader);
            while (await reader.ReadAsync(cancellationToken))
            {
                yield return parse(reader);
            }
        }
        finally
        {
            await Session.ReleaseAsync();
        }
    }

    private async Task<T> RunAsync<T>(
        string sql,
        object? parameters,
        Func<ResultSets, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var reader = await OpenReaderAsync(sql, parameters, cancellationToken);
            return await read(new ResultSets(reader, cancellationToken));
        }
        finally
        {
            await Session.ReleaseAsync();
        }
    }

    private async Task<DbDataReader> OpenReaderAsync(
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
    {
        var connection = await OpenAsync(cancellationToken);
        if (Session.IsActive)
        {
            return await connection.ExecuteReaderAsync(
                new CommandDefinition(
                    sql,
                    parameters,
                    Session.Transaction,
                    DbSession.CommandSeconds,
                    cancellationToken: cancellationToken
                )
            );
        }

        var withUser = new DynamicParameters(parameters);
        foreach (var (name, value) in UserSettings.Of(user))
        {
            withUser.Add(name, value);
        }

        var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(
                $"{UserSettings.Sql};\n{sql}",
                withUser,
                commandTimeout: DbSession.QuerySeconds,
                cancellationToken: cancellationToken
            )
        );
        await reader.NextResultAsync(cancellationToken);
        return reader;
    }

    /// <summary>Dapper's casts one delegate to another, which fails for texts.</summary>
    private static Func<DbDataReader, T> ParserOf<T>(DbDataReader reader) =>
        typeof(T) == typeof(string) ? row => row.IsDBNull(0) ? default! : (T)row.GetValue(0) : reader.GetRowParser<T>();

    private sealed class ResultSets(DbDataReader reader, CancellationToken cancellationToken) : IResultSets
    {
        private bool _started;

        public Task<IReadOnlyList<T>> ReadAsync<T>() => ReadRowsAsync(ParserOf<T>);

        public Task<IReadOnlyList<T>> ReadAsync<T>(Func<DbDataReader, T> read) => ReadRowsAsync(_ => read);

        private async Task<IReadOnlyList<T>> ReadRowsAsync<T>(Func<DbDataReader, Func<DbDataReader, T>> parser)
        {
            if (_started)
            {
                await reader.NextResultAsync(cancellationToken);
            }

            _started = true;
            var rows = new List<T>();
            var parse = parser(reader);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(parse(reader));
            }

            return rows;
        }

        public async Task<T?> ReadSingleOrDefaultAsync<T>()
        {
            var rows = await ReadAsync<T>();
            return rows.Count switch
            {
                0 => default,
                1 => rows[0],
                _ => throw new InvalidOperationException("The statement gave more than one row."),
            };
        }
    }
}

/// <summary>How Dapper sees PostgreSQL's types and names.</summary>
internal static class DapperConventions
{
    private static readonly Lock Gate = new();
    private static bool _applied;

    public static void Apply()
    {
        lock (Gate)
        {
            if (_applied)
            {
                return;
            }

            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.AddTypeHandler(new UtcTimeHandler());
            SqlMapper.AddTypeHandler(new JsonObjectHandler());
            _applied = true;
        }
    }

    /// <summary>jsonb comes and goes as its text.</summary>
    private sealed class JsonObjectHandler : SqlMapper.TypeHandler<JsonObject>
    {
        public override JsonObject Parse(object value) => JsonNode.Parse((string)value)!.AsObject();

        public override void SetValue(System.Data.IDbDataParameter parameter, JsonObject? value) =>
            parameter.Value = (object?)value?.ToJsonString(BeaconJson.Options) ?? DBNull.Value;
    }

    /// <summary>timestamptz comes as a UTC DateTime and goes as one.</summary>
    private sealed class UtcTimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => new((DateTime)value);

        public override void SetValue(System.Data.IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = UtcTime.CutToMicroseconds(value).UtcDateTime;
    }
}
