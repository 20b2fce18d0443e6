using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>
/// A strategy of the catalogue: its parameters, the indicators it looks at, and the rule that turns them into signals. To add one, write one file and
/// put one line into <see cref="StrategyCatalogue"/>.
/// </summary>
internal abstract class Strategy(string name, string summary, params IReadOnlyList<Parameter> parameters)
{
    /// <summary>As in a configuration's <c>strategy</c>.</summary>
    public string Name { get; } = name;

    public string Summary { get; } = summary;

    /// <summary>Its own, beside <see cref="CommonParameters"/>.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = parameters;

    /// <summary>What no single parameter's bounds say, such as that fast is less than slow.</summary>
    public virtual IEnumerable<ConfigurationError> Check(StrategyConfiguration configuration) => [];

    /// <summary>What of a valid configuration could never do anything.</summary>
    public virtual IEnumerable<ConfigurationError> WithoutEffect(StrategyConfiguration configuration) => [];

    /// <summary>The indicators' lines that <see cref="Bind"/> finds in <see cref="AssetView.Lines"/>, in this order.</summary>
    public virtual IReadOnlyList<IndicatorLine> Lines(StrategyConfiguration configuration) => [];

    /// <summary>The rule for one asset.</summary>
    public abstract SignalSource Bind(StrategyConfiguration configuration, AssetView asset);
}
