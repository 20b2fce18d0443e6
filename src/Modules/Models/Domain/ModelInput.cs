using System.Text.Json.Nodes;
using CryptoBeacon.Models.Configurations;

namespace CryptoBeacon.Models.Domain;

/// <summary>What a client may say of a model: the body of POST, and the state that PATCH patches.</summary>
internal sealed record ModelInput : IHasDefaults<ModelInput>
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Trading unless said.</summary>
    public ModelType? Type { get; init; }

    /// <summary><c>{"strategy": name, …}</c>: what the strategy's schema in <c>/models/strategies</c> accepts.</summary>
    public JsonObject? Configuration { get; init; }

    /// <summary>Whether it may be run; true unless said.</summary>
    public bool? IsActive { get; init; }

    public static ModelInput Of(TradingModel model) =>
        new()
        {
            Name = model.Name,
            Description = model.Description,
            Type = model.Type,
            Configuration = JsonNode.Parse(model.Configuration)!.AsObject(),
            IsActive = model.IsActive,
        };

    public ModelInput WithDefaults() => this with { Type = Type ?? ModelType.Trading, IsActive = IsActive ?? true };
}

internal sealed class ModelInputValidator : AbstractValidator<ModelInput>
{
    public ModelInputValidator()
    {
        RuleFor(m => m.Name).Required().Name();
        RuleFor(m => m.Description).Notes();
        RuleFor(m => m.Type).Required();
        RuleFor(m => m.Configuration).Required();
        RuleFor(m => m.IsActive).Required();
        RuleFor(m => m)
            .Custom(
                (model, context) =>
                {
                    foreach (var (field, message) in ConfigurationRules.Faults(model.Type!.Value, model.Configuration!))
                    {
                        context.AddFailure(field, message);
                    }
                }
            )
            .When(m => m is { Type: not null, Configuration: not null });
    }
}
