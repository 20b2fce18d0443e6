using System.Globalization;
using System.IO.Compression;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Application.Security;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>A day of real one-minute candles against a thousand alerts: what fires is what a plain reading of the candles gives.</summary>
internal sealed class ReplayTests : AlertTest
{
    private static readonly DateOnly Day = new(2019, 1, 10);

    [Test]
    public async Task Levels_fire_as_a_plain_reading_says() =>
        await ReplayAsync(random => new AlertInput
        {
            Condition = random.Next(2) == 0 ? AlertCondition.Above : AlertCondition.Below,
            Repeat = random.Next(2) == 0 ? AlertRepeat.Once : AlertRepeat.EveryCrossing,
        });

    [Test]
    public async Task Edges_hysteresis_and_cooldown_fire_as_a_plain_reading_says() =>
        await ReplayAsync(random => new AlertInput
        {
            Condition = (AlertCondition)random.Next(4),
            Repeat = random.Next(4) == 0 ? AlertRepeat.Once : AlertRepeat.EveryCrossing,
            CooldownSeconds = random.Next(3) * 600,
            HysteresisPercent = random.Next(3) * 0.25m,
        });

    private static async Task ReplayAsync(Func<Random, AlertInput> draw)
    {
        var closes = ReadCloses(SharedData.File("candles/bitfinex_BTCUSD_1m_2019-Q1.csv.gz"));
        Assert.That(closes, Has.Count.GreaterThan(1400));
        var random = new Random(20190110);
        var (low, high) = (closes.Min(close => close.Price), closes.Max(close => close.Price));
        var alerts = await ArmAsync(
            Enumerable
                .Range(0, 1000)
                .Select(_ =>
                    draw(random) with
                    {
                        CoinId = Coin,
                        Price = decimal.Round(low + (high - low) * (decimal)random.NextDouble(), 1),
                    }
                )
        );

        foreach (var batch in closes.Chunk(100))
        {
            await QuoteAsync([
                .. batch.Select(close => new
                {
                    coinId = Coin,
                    currency = "USD",
                    price = close.Price,
                    asOf = close.At,
                }),
            ]);
        }

        await EvaluatedAsync();
        var expected = alerts.SelectMany(alert => PlainReading(alert.Id, alert.Terms, closes)).Order().ToList();
        Assert.That(expected, Has.Count.GreaterThan(1000));
        Assert.That(await StoredFiringsAsync(), Is.EqualTo(expected));
    }

    /// <summary>One price after the other, as the contract words it.</summary>
    private static IEnumerable<Firing> PlainReading(Guid id, AlertTerms alert, List<Close> closes)
    {
        bool? met = null;
        DateTime? lastFired = null;
        foreach (var (at, price) in closes)
        {
            var before = met;
            var sign = alert.Condition is AlertCondition.Above or AlertCondition.CrossesAbove ? 1 : -1;
            var isPast = sign * (price - alert.Price) >= 0;
            var isBack = sign * (price - alert.Price) <= -alert.Price * alert.HysteresisPercent / 100;
            met =
                isPast ? true
                : isBack || before is null ? false
                : before;

            var isLevel = alert.Condition is AlertCondition.Above or AlertCondition.Below;
            var crosses = met is true && (before is false || (before is null && isLevel));
            if (
                !crosses
                || (
                    alert.Repeat == AlertRepeat.EveryCrossing
                    && at - lastFired < TimeSpan.FromSeconds(alert.CooldownSeconds)
                )
            )
            {
                continue;
            }

            lastFired = at;
            yield return new Firing(id, at, price);
            if (alert.Repeat == AlertRepeat.Once)
            {
                yield break;
            }
        }
    }

    private static async Task<List<(Guid Id, AlertTerms Terms)>> ArmAsync(IEnumerable<AlertInput> inputs)
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

    private static async Task<List<Firing>> StoredFiringsAsync()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        var rows = await connection.QueryAsync<(Guid, DateTime, decimal)>(
            "select alert_id, price_as_of, price_at_trigger from alerts.alert_history"
        );
        return [.. rows.Select(row => new Firing(row.Item1, row.Item2, row.Item3)).Order()];
    }

    private static List<Close> ReadCloses(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        var closes = new List<Close>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            var at = DateTimeOffset
                .FromUnixTimeMilliseconds(long.Parse(cells[0], CultureInfo.InvariantCulture))
                .UtcDateTime;
            if (DateOnly.FromDateTime(at) == Day)
            {
                closes.Add(new Close(at, decimal.Parse(cells[4], CultureInfo.InvariantCulture)));
            }
        }

        return closes;
    }

    private sealed record Close(DateTime At, decimal Price);

    private sealed record Firing(Guid AlertId, DateTime At, decimal Price) : IComparable<Firing>
    {
        public int CompareTo(Firing? other) => (AlertId, At, Price).CompareTo((other!.AlertId, other.At, other.Price));
    }
}
