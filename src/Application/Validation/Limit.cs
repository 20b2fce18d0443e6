using FluentValidation;
using FluentValidation.Validators;

namespace CryptoBeacon.Application.Validation;

/// <summary>What a rule asks of a property, in the terms of JSON Schema, so that the rule that refuses is also the one that the API's document shows.</summary>
public sealed record Limit
{
    public bool IsRequired { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>As ECMAScript and .NET both read it.</summary>
    public string? Pattern { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    /// <summary>What holds for each entry of a list.</summary>
    public Limit? Items { get; init; }

    public IReadOnlyList<string>? OneOf { get; init; }
}

/// <summary>A rule that says what it asks.</summary>
public interface ILimitValidator
{
    Limit Limit { get; }
}

internal sealed class LimitValidator<T, TProperty>(Limit limit, Func<TProperty, bool> isMet, string message)
    : PropertyValidator<T, TProperty>,
        ILimitValidator
{
    public override string Name => "Limit";

    public Limit Limit => limit;

    public override bool IsValid(ValidationContext<T> context, TProperty value) => isMet(value);

    protected override string GetDefaultMessageTemplate(string errorCode) => message;
}
