namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>What a configuration's value is in JSON.</summary>
internal enum ParameterType
{
    Integer,

    /// <summary>A number, or a string that holds one, as everywhere in the API.</summary>
    Number,
    Boolean,

    /// <summary>One of <see cref="Parameter.Choices"/>.</summary>
    Choice,

    /// <summary>A list of RFC 3339 times.</summary>
    Times,

    /// <summary>An object from coin id to a number.</summary>
    Weights,

    /// <summary>An expression tree of <c>rules</c>: see <see cref="Condition"/>.</summary>
    Condition,

    /// <summary>An object with one of the sizes: see <see cref="CommonParameters.Size"/>.</summary>
    Size,

    /// <summary>A list of <c>{afterMinutes, percent}</c>.</summary>
    Schedule,

    /// <summary>The id of a prediction model.</summary>
    ModelId,
}

/// <summary>One value of a configuration, as data: the catalogue's JSON Schema and the reading of a configuration come from it.</summary>
/// <param name="Minimum">Inclusive unless <paramref name="ExclusiveMinimum"/>; of a number, or of each number within.</param>
/// <param name="Default">Null where a value is required or its absence means "off".</param>
internal sealed record Parameter(
    string Name,
    ParameterType Type,
    string Description,
    double? Minimum = null,
    double? Maximum = null,
    object? Default = null,
    bool IsRequired = false,
    bool ExclusiveMinimum = false,
    IReadOnlyList<string>? Choices = null
);
