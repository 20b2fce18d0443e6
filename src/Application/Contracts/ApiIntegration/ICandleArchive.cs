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
}

/// <summary>A value, since they come by the million.</summary>
public readonly record struct StoredCandle(DateTime Time, decimal Open, decimal High, decimal Low, decimal Close);
