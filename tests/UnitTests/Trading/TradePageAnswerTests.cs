using System.Text;
using System.Text.Json;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Features;
using Microsoft.AspNetCore.Http;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class TradePageAnswerTests
{
    private static readonly TradeDto Bare = new()
    {
        Id = new Guid("01a22dfa-37c2-7000-9964-eb0a4ec85258"),
        PortfolioId = new Guid("01a22e02-ccac-7000-bcab-9dcdc9be9b23"),
        CoinId = "bitcoin",
        Type = TradeType.Withdrawal,
        Quantity = 0.000000000000000001m,
        Currency = "USD",
        Fee = 0,
        FeeCurrency = "USD",
        DeductFees = false,
        Timestamp = new DateTimeOffset(2026, 1, 31, 23, 59, 59, 999, TimeSpan.Zero).AddMicroseconds(999),
        Version = 7,
    };

    private static readonly TradeDto Full = Bare with
    {
        Type = TradeType.Income,
        Quantity = 9_999_999_999_999_999_999_999_999_999m,
        Price = 42_000.2500m,
        TotalValue = -0.5m,
        Fee = 0.10m,
        DeductFees = true,
        AcquiredAt = DateTimeOffset.UnixEpoch,
        Exchange = "Kraken & <Söhne>",
        ExternalId = "\"a\\b\"",
        LinkId = "l-1",
        Notes = "line\nline\t\u0001 😀 \u2028 +",
        Tags = ["dca", "é"],
        ImportId = new Guid("01a22e02-cd7d-7000-a8ca-e3a38e012be3"),
    };

    [TestCase(null)]
    [TestCase("abc")]
    public async Task It_is_what_the_serializer_writes(string? nextCursor)
    {
        var page = new Page<TradeDto>([Bare, Full], nextCursor);
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;

        await TradePageAnswer.Of(page).ExecuteAsync(context);
        await context.Response.BodyWriter.FlushAsync();

        Assert.That(
            Encoding.UTF8.GetString(body.ToArray()),
            Is.EqualTo(JsonSerializer.Serialize(page, BeaconJson.Options))
        );
    }
}
