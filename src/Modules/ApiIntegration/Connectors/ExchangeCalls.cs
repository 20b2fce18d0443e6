using System.Text.Json;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>What connectors of exchanges have in common.</summary>
internal static class ExchangeCalls
{
    /// <summary>The candles of an answer that are in the range, oldest first, whatever the exchange's order.</summary>
    /// <param name="rows">Where in the answer's body their rows stand.</param>
    public static Task<IReadOnlyList<Candle>> ReadCandlesAsync(
        this ProviderApi api,
        ProviderCall call,
        Func<JsonElement, JsonElement> rows,
        Func<JsonElement, Candle> toCandle,
        CandleRange range,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<Candle>>(
            call,
            answer => [.. rows(answer.Body).Items().Select(toCandle).Where(range.Has).OrderBy(candle => candle.Time)],
            cancellationToken
        );

    /// <summary>In place of the last attempt's.</summary>
    public static void SetHeader(this HttpRequestMessage request, string name, string? value)
    {
        request.Headers.Remove(name);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>A place in an account as an earlier page has left it; null: there was none.</summary>
    public static T? ReadCursor<T>(string? cursor)
        where T : class
    {
        try
        {
            return cursor is null ? null : JsonSerializer.Deserialize<T>(cursor);
        }
        catch (JsonException exception)
        {
            throw new ConnectorException(
                ConnectorFault.Refused,
                "The stored position in the account can't be read.",
                exception
            );
        }
    }
}
