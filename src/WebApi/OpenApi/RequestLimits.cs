using System.Reflection;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Messaging;
using CryptoBeacon.Application.Validation;
using FluentValidation;
using FluentValidation.Validators;

namespace CryptoBeacon.WebApi.OpenApi;

/// <summary>What the validators ask of each property of a request, whichever way they come to it: <c>RuleFor(x => x.Name)</c> or <c>x.Body.Name</c>.</summary>
internal sealed class RequestLimits
{
    private readonly ILookup<MemberInfo, Limit> _limits;

    public RequestLimits(IEnumerable<IValidator> validators) =>
        _limits = (
            from validator in validators
            from rule in validator.CreateDescriptor().Rules
            // What holds only sometimes is not the schema's to say, and a rule for each entry speaks of the entries.
            where rule.Member is PropertyInfo property && property.PropertyType == rule.TypeToValidate
            where !rule.HasCondition && !rule.HasAsyncCondition
            from component in rule.Components
            where !component.HasCondition && !component.HasAsyncCondition
            let limit = LimitOf(component.Validator)
            where limit is not null
            select (rule.Member, limit)
        ).ToLookup(found => found.Member, found => found.limit);

    public IEnumerable<Limit> Of(MemberInfo property) => _limits[property];

    /// <summary>Whether a request must give it: validation asks for it, and creation does not fill it in.</summary>
    public bool IsRequired(PropertyInfo property) =>
        Of(property).Any(limit => limit.IsRequired) && DefaultOf(property) is null;

    /// <summary>What creation takes where a request leaves it out.</summary>
    public static JsonNode? DefaultOf(PropertyInfo property) =>
        property.DeclaringType is { } type && type.IsAssignableTo(typeof(IHasDefaults<object>))
            ? System.Text.Json.JsonSerializer.SerializeToNode(
                property.GetValue(((IHasDefaults<object>)Activator.CreateInstance(type)!).WithDefaults()),
                property.PropertyType,
                BeaconJson.Options
            )
            : null;

    private static Limit? LimitOf(IPropertyValidator validator) =>
        validator switch
        {
            ILimitValidator known => known.Limit,
            INotNullValidator => new Limit { IsRequired = true },
            _ => null,
        };
}
