using System.Text.Json.Nodes;
using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary>The vocabulary of the audit trail: what was entered for an act, and a chain that somebody has touched.</summary>
internal abstract class AuditTest : ApiTest
{
    protected static IServiceProvider Services => TestRun.Server.Server.App.Services;

    protected static DataSources Logins => Services.GetRequiredService<DataSources>();

    /// <summary>Waits until all that was done is in the chain.</summary>
    protected static Task AppendedAsync() =>
        EventuallyAsync(
            async () =>
            {
                await RunJobAsync("audit.append");
                return await StoredAsync<long>("select count(*) from audit.audit_outbox");
            },
            waiting => waiting == 0
        );

    protected static Task RunJobAsync(string name) =>
        Services.GetRequiredService<JobHost>().RunAsync(name, null, CancellationToken.None);

    /// <summary>The trail of a user's own data, the oldest first.</summary>
    protected static async Task<IReadOnlyList<JsonNode>> TrailAsync(ApiClient user)
    {
        await AppendedAsync();
        return [.. (await user.GetAsync("/me/audit?limit=200")).ShouldBe(200).Items.Select(item => item!).Reverse()];
    }

    /// <summary>What a user's trail says of one kind of thing, as <c>created</c>, <c>changed</c>, <c>deleted</c>.</summary>
    protected static async Task<string[]> ActionsAsync(ApiClient user, string entity) =>
        [
            .. (await TrailAsync(user))
                .Where(entry => Text(entry, "entity") == entity)
                .Select(entry => Text(entry, "action")),
        ];

    protected static async Task<JsonNode> LastAsync(ApiClient user, string entity) =>
        (await TrailAsync(user)).Last(entry => Text(entry, "entity") == entity);

    protected static string Text(JsonNode entry, string property) => entry[property]!.ToString();

    protected static async Task<string> IdAsync(ApiClient user) => (await user.GetAsync("/me"))["id"]!;

    /// <summary>A chain of this many entries and nothing else.</summary>
    protected static async Task ChainOfAsync(int entries)
    {
        await AppendedAsync();
        await TamperAsync("truncate audit.audit_entries, audit.audit_checks");
        await FillOutboxAsync(entries);
        await AppendedAsync();
    }

    protected static Task FillOutboxAsync(int rows) =>
        AsSuperuserAsync(
            $$"""
            insert into audit.audit_outbox (user_id, entity, entity_id, action, changes)
            select platform.uuid_v7(), 'tests', n::text, 'created', jsonb_build_object('before', null, 'after', jsonb_build_object('n', n))
            from generate_series(1, {{rows}}) n
            """
        );

    /// <summary>An entry of the installation's, as some path might write it.</summary>
    protected static Task FillOutboxAsync(string changes, string entityId = "'1'") =>
        AsSuperuserAsync(
            $"insert into audit.audit_outbox (entity, entity_id, action, changes) values ('tests', {entityId}, 'changed', {changes})"
        );

    /// <summary>As somebody who holds the database and has switched the triggers off.</summary>
    protected static Task TamperAsync(string sql) =>
        AsSuperuserAsync($"set session_replication_role = replica; {sql}; set session_replication_role = origin;");

    protected static async Task<(bool Valid, long Entries, long? FirstBroken)> VerifyAsync()
    {
        var verdict = (await (await AdminAsync()).PostAsync("/admin/audit/verify")).ShouldBe(200).Json;
        return ((bool)verdict["valid"]!, (long)verdict["entries"]!, (long?)verdict["firstBroken"]);
    }

    private static async Task AsSuperuserAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.ExecuteAsync(sql);
    }
}
