using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Application.Contracts.ApiIntegration;

/// <summary>What is stored of the past of a pair.</summary>
public interface ICandleArchive
{
    /// <summary>The candles that open in [from, to), oldest first: at each time the finest that is stored.</summary>
    IAsyncEnumerable<StoredCandle> ReadAsync(
        string coinId,
        string currency,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The candles of one length that open in [from, to), both cut to its grid: what <c>GET /market/candles</c> gives, in binary numbers, column by column. One
    /// without a price (a low of 0) is left out.
    /// </summary>
    Task<CandleColumns> LoadAsync(
        string coinId,
        string currency,
        CandleInterval interval,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );

    /// <summary>Those of the coins that have any candle of which one of this length can be made, in [from, to).</summary>
    Task<IReadOnlyList<string>> FindKnownAsync(
        IReadOnlyList<string> coinIds,
        string currency,
        CandleInterval interval,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );
}

/// <summary>Candles in ascending time; columns of one length.</summary>
/// <param name="OpenTimes">Milliseconds since 1970, UTC.</param>
/// <param name="Volume">0 where only prices are known.</param>
public sealed record CandleColumns(
    long[] OpenTimes,
    double[] Open,
    double[] High,
    double[] Low,
    double[] Close,
    double[] Volume
);

/// <summary>A value, since they come by the million.</summary>
public readonly record struct StoredCandle(DateTime Time, decimal Open, decimal High, decimal Low, decimal Close);
