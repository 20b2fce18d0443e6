namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// Plays a strategy over candles by the fill rules of docs/back-tests.md. It looks at nothing but the request: no clock, no randomness, no threads, so
/// that the same request gives the same outcome to the last bit.
/// </summary>
internal static class BacktestEngine
{
    /// <summary>Changes with whatever changes a result.</summary>
    public const string Version = "1";

    /// <param name="progress">Told the ratio of the bars that are done, about every per cent.</param>
    /// <exception cref="OperationCanceledException">Soon after the token asks for it.</exception>
    public static BacktestOutcome Run(
        BacktestRequest request,
        Action<double>? progress = null,
        CancellationToken cancellationToken = default
    ) => throw new NotImplementedException();
}
