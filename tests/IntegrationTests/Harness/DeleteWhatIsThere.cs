using System.Data.Common;
using Respawn;
using Respawn.Graph;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>
/// Respawn's adapter for PostgreSQL, which truncates every table: with some two hundred partitions that takes a third of a second however few rows a test
/// has left. This one deletes what is there, and truncates only what has grown large. The lock waits for whoever still writes, as truncating does.
/// </summary>
internal sealed class DeleteWhatIsThere : IDbAdapter
{
    private readonly IDbAdapter _postgres = DbAdapter.Postgres;

    public string BuildDeleteCommandText(GraphBuilder builder, RespawnerOptions options)
    {
        var tables = builder.ToDelete.Select(table => table.GetFullName('"')).ToList();
        return $"""
            lock table {string.Join(", ", tables.Select(table => $"only {table}"))} in exclusive mode;
            do $$
            declare
                leaf regclass;
                large text;
            begin
                for leaf in
                    select relation::regclass
                    from unnest(array[{string.Join(", ", tables.Select(table => $"'{table}'"))}]) as relation
                    where pg_relation_size(relation::regclass) between 1 and 1048576
                loop
                    execute format('delete from only %s', leaf);
                end loop;

                select string_agg(relation, ', ') into large
                from unnest(array[{string.Join(", ", tables.Select(table => $"'{table}'"))}]) as relation
                where pg_relation_size(relation::regclass) > 1048576;
                if large is not null then
                    execute format('truncate table %s cascade', large);
                end if;
            end;
            $$;
            """;
    }

    public string BuildTableCommandText(RespawnerOptions options) => _postgres.BuildTableCommandText(options);

    public string BuildTemporalTableCommandText(RespawnerOptions options) =>
        _postgres.BuildTemporalTableCommandText(options);

    public string BuildRelationshipCommandText(RespawnerOptions options) =>
        _postgres.BuildRelationshipCommandText(options);

    public string BuildReseedSql(IEnumerable<Table> tablesToDelete) => _postgres.BuildReseedSql(tablesToDelete);

    public string BuildTurnOffSystemVersioningCommandText(IEnumerable<TemporalTable> tablesToTurnOffSystemVersioning) =>
        _postgres.BuildTurnOffSystemVersioningCommandText(tablesToTurnOffSystemVersioning);

    public string BuildTurnOnSystemVersioningCommandText(IEnumerable<TemporalTable> tablesToTurnOnSystemVersioning) =>
        _postgres.BuildTurnOnSystemVersioningCommandText(tablesToTurnOnSystemVersioning);

    public bool RequiresStatementsToBeExecutedIndividually() => _postgres.RequiresStatementsToBeExecutedIndividually();

    public Task<bool> CheckSupportsTemporalTables(DbConnection connection) =>
        _postgres.CheckSupportsTemporalTables(connection);
}
