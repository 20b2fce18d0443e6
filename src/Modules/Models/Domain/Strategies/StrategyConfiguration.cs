using System.Text.Json;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <param name="Pointer">A JSON pointer (RFC 6901) into the configuration: <c>/fast</c>, <c>/entry/all/0/gt/1</c>; empty for the whole.</param>
internal sealed record ConfigurationError(string Pointer, string Message);

/// <summary>
/// A trading model's configuration, read and checked: <c>{"strategy": name, …}</c> with the strategy's parameters and the common ones.
/// </summary>
internal sealed class StrategyConfiguration
{
    private StrategyConfiguration(Strategy strategy) => Strategy = strategy;

    public Strategy Strategy { get; }

    /// <summary>How many candles before the first bar the indicators want: enough that what an average remembers of its start is gone.</summary>
    public int WarmUpBars => throw new NotImplementedException();

    /// <summary>SHA-256, in lower-case hex, of the configuration as canonical JSON (RFC 8785): the same for every spelling of one meaning.</summary>
    public string Hash => throw new NotImplementedException();

    /// <param name="configuration">Read during the call only.</param>
    /// <param name="errors">All that is wrong; empty when a configuration is returned.</param>
    /// <returns>Null when there are errors.</returns>
    public static StrategyConfiguration? Read(
        JsonElement configuration,
        out IReadOnlyList<ConfigurationError> errors
    ) => throw new NotImplementedException();
}
