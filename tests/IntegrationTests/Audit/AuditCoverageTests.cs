using CryptoBeacon.Application.Audit;
using CryptoBeacon.Domain;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.IntegrationTests.Database;
using CryptoBeacon.WebApi;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Audit;

/// <summary>Every table with a user's data leaves its entries by one path, or is known here to leave none.</summary>
internal sealed class AuditCoverageTests
{
    private static readonly Dictionary<string, string> NeedNone = new()
    {
        ["alerts.alert_deliveries"] = "what the server sent of a firing",
        ["alerts.alert_history"] = "is a history: what the server saw fire, never changed",
        ["alerts.stream_tickets"] = "good for seconds, given to a session that has its entry",
        ["api_integration.api_usage"] = "is a history: the server's own counting",
        ["api_integration.sync_runs"] = "what the server read of an account; what it brought leaves its own",
        ["audit.audit_entries"] = "is the trail",
        ["audit.audit_outbox"] = "is the trail",
        ["identity.known_devices"] = "follows from sessions, which leave theirs",
        ["identity.mails"] = "wait to be sent; what they tell of leaves its own",
        ["identity.one_time_tokens"] = "what comes of one leaves its own",
        ["identity.refresh_tokens"] = "belong to sessions, which leave theirs",
        ["identity.user_keys"] = "come and go with users, who leave theirs",
        ["models.trained_models"] = "what the server worked out of a model",
        ["platform.idempotency_keys"] = "answers that were given, for a day",
        ["portfolios.portfolio_assets"] = "follows from trades, which leave theirs",
        ["portfolios.portfolio_snapshots"] = "follows from trades and prices",
        ["trading.deleted_rows"] = "follows from the trades that were deleted, which leave theirs",
        ["trading.import_chunks"] = "a file until its import has run, which leaves its own",
        ["trading.trades"] = "each version in trade_history leaves the entry",
    };

    [Test]
    public async Task Every_table_with_a_user_s_data_is_audited_once_or_excused()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await using var context = new BeaconDbContext(connection, Modules.All);
        var bySaving = context
            .Model.GetEntityTypes()
            .Where(entity =>
                typeof(Entity).IsAssignableFrom(entity.ClrType)
                && !entity.ClrType.IsDefined(typeof(NeverAuditedAttribute), inherit: false)
            )
            .Select(entity => $"{entity.GetSchema()}.{entity.GetTableName()}")
            .ToList();
        var byTrigger = await connection.QueryAsync<string>(
            """
            select distinct format('%I.%I', n.nspname, c.relname)
            from pg_trigger t
            join pg_class c on c.oid = t.tgrelid
            join pg_namespace n on n.oid = c.relnamespace
            where t.tgfoid in ('audit.record_change'::regproc, 'audit.record_trades'::regproc)
            """
        );
        var paths = bySaving.Concat(byTrigger).Concat(NeedNone.Keys).ToLookup(table => table);

        var tables = (await UserTable.DiscoverAsync(connection)).Select(table => table.Name).ToList();

        Assert.That(tables, Has.Count.GreaterThan(20));
        Assert.That(tables.Where(table => !paths.Contains(table)), Is.Empty, "leave no entry");
        Assert.That(tables.Where(table => paths[table].Count() > 1), Is.Empty, "leave two");
        Assert.That(NeedNone.Keys.Except(tables), Is.Empty, "are excused and not there");
    }
}
