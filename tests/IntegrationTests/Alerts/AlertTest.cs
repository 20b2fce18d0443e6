using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>The vocabulary of alerts: arming them, letting prices come, and seeing what has fired.</summary>
internal abstract class AlertTest : ApiTest
{
    protected const string Coin = "bitcoin";

    protected static async Task<string> ArmAsync(ApiClient user, object alert) =>
        (await user.PostAsync("/alerts", alert)).ShouldBe(201)["id"]!;

    protected static Task<string> ArmAsync(
        ApiClient user,
        string condition,
        decimal price,
        string repeat = "every_crossing"
    ) =>
        ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition,
                price,
                repeat,
            }
        );

    /// <summary>A batch of prices of the coin, in USD and a second apart; back when it is evaluated.</summary>
    protected static async Task PriceIsAsync(params decimal[] prices)
    {
        await QuoteAsync(prices);
        await EvaluatedAsync();
    }

    protected static async Task QuoteAsync(params decimal[] prices)
    {
        // A second apart, however long a call takes: from the beginning of the last hour but one.
        var start = DateTimeOffset.FromUnixTimeSeconds(
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 3600 * 3600 - 3600
        );
        var before = await StoredAsync<long>("select count(*) from api_integration.price_ticks");
        await QuoteAsync([
            .. prices.Select(
                (price, index) =>
                    new
                    {
                        coinId = Coin,
                        currency = "USD",
                        price,
                        asOf = start.AddSeconds(before + index),
                    }
            ),
        ]);
    }

    protected static async Task QuoteAsync(object[] prices) =>
        (await (await AdminAsync()).PostAsync("/admin/market/prices", new { prices })).ShouldBe(202);

    protected static Task EvaluatedAsync() =>
        EventuallyAsync(
            () => StoredAsync<long>("select count(*) from api_integration.price_batches where evaluated_at is null"),
            left => left == 0,
            TimeSpan.FromSeconds(60)
        );

    /// <summary>The prices at which an alert has fired, the first one first.</summary>
    protected static async Task<string[]> FiringsAsync(ApiClient user, string alertId) =>
        [
            .. (await user.GetAsync($"/alerts/{alertId}/history?limit=200"))
                .ShouldBe(200)
                .Items.Select(firing => firing!["priceAtTrigger"]!.ToString())
                .Reverse(),
        ];

    /// <summary>By the thousand, past HTTP.</summary>
    protected static async Task<List<(Guid Id, AlertTerms Terms)>> ArmAllAsync(IEnumerable<AlertInput> inputs)
    {
        var owner = Guid.Parse((await (await SignUpAsync()).GetAsync("/me"))["id"]!);
        var armed = inputs
            .Select(input => input.ToTerms())
            .Select(terms => (Alert.Arm(owner, terms, TimeProvider.System.UtcNow()), terms))
            .ToList();
        await using var scope = TestRun.Server.Server.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ICurrentUserSetter>().Set(owner, isAdmin: false, sessionId: null);
        var unitOfWork = scope.ServiceProvider.GetRequiredService<IUnitOfWork>();
        await unitOfWork.BeginAsync(CancellationToken.None);
        await scope
            .ServiceProvider.GetRequiredService<IRepository<Alert>>()
            .AddRangeAsync(armed.Select(alert => alert.Item1), CancellationToken.None);
        await unitOfWork.CommitAsync(CancellationToken.None);
        return [.. armed.Select(alert => (alert.Item1.Id, alert.terms))];
    }

    protected static async Task<List<Firing>> StoredFiringsAsync()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        var rows = await connection.QueryAsync<(Guid, DateTime, decimal)>(
            "select alert_id, price_as_of, price_at_trigger from alerts.alert_history"
        );
        return [.. rows.Select(row => new Firing(row.Item1, row.Item2, row.Item3)).Order()];
    }

    /// <summary>A scope as that of a job, on the same database.</summary>
    protected static AsyncServiceScope JobScope()
    {
        var scope = TestRun.Server.Server.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<DbSession>().Login = DatabaseLogin.Worker;
        return scope;
    }

    /// <summary>Keeps every server from evaluating until the scope is disposed.</summary>
    protected static async Task<AsyncServiceScope> HoldEvaluationAsync()
    {
        var scope = JobScope();
        await scope.ServiceProvider.GetRequiredService<IUnitOfWork>().BeginAsync(CancellationToken.None);
        await scope
            .ServiceProvider.GetRequiredService<IWriteDatabase>()
            .LockAsync(["alerts.evaluate"], CancellationToken.None);
        return scope;
    }
}
