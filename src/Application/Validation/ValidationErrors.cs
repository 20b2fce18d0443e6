using System.Text.Json;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Domain;
using FluentValidation;
using FluentValidation.Results;

namespace CryptoBeacon.Application.Validation;

/// <summary>FluentValidation's findings as the contract's <c>errors</c>, by the names that the client used.</summary>
public static class ValidationErrors
{
    public static Error ToError(this ValidationResult result) =>
        Error.Invalid(
            result
                .Errors.GroupBy(failure => FieldName(failure.PropertyName), failure => failure.ErrorMessage)
                .ToDictionary(field => field.Key, field => field.Distinct().ToArray())
        );

    /// <summary>The state after the patch, when it is one that could have been created so.</summary>
    public static Result<TState> ApplyTo<TState>(this MergePatch patch, TState current, IValidator<TState> validator)
        where TState : class
    {
        var merged = patch.ApplyTo(current);
        if (!merged.IsSuccess)
        {
            return merged;
        }

        var validation = validator.Validate(merged.Value);
        return validation.IsValid ? merged : validation.ToError();
    }

    /// <summary>As <see cref="ApplyTo{TState}"/>, by rules that have to ask somebody.</summary>
    public static async Task<Result<TState>> ApplyToAsync<TState>(
        this MergePatch patch,
        TState current,
        IValidator<TState> validator,
        CancellationToken cancellationToken
    )
        where TState : class
    {
        var merged = patch.ApplyTo(current);
        if (!merged.IsSuccess)
        {
            return merged;
        }

        var validation = await validator.ValidateAsync(merged.Value, cancellationToken);
        return validation.IsValid ? merged : validation.ToError();
    }

    /// <summary><c>Body.CustomAlerts[0].Price</c> → <c>customAlerts[0].price</c></summary>
    private static string FieldName(string propertyPath) =>
        string.Join(
            '.',
            propertyPath
                .Split('.')
                .SkipWhile((part, index) => index == 0 && part == "Body" && propertyPath.Length > part.Length)
                .Select(JsonNamingPolicy.CamelCase.ConvertName)
        );
}
