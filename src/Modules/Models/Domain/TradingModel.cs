using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Models.Domain;

internal enum ModelType
{
    /// <summary>A strategy that trades.</summary>
    Trading,

    /// <summary>A forecast of the next bar.</summary>
    Prediction,
}

/// <summary>A user's configured strategy or forecast.</summary>
[NeverAudited("The table's own trigger leaves the entry, whoever writes the row.")]
internal sealed class TradingModel : Entity
{
    private TradingModel() { }

    public Guid UserId { get; private init; }

    public string Name { get; private set; } = "";

    public string? Description { get; private set; }

    public ModelType Type { get; private set; }

    /// <summary>JSON: an object that the schema of its strategy accepts.</summary>
    public string Configuration { get; private set; } = "";

    public bool IsActive { get; private set; }

    /// <summary>JSON: the measures of the newest back-test that has succeeded, which writes them here.</summary>
    public string? Performance { get; private init; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static TradingModel Of(Guid userId, ModelInput input, DateTimeOffset now)
    {
        var model = new TradingModel { UserId = userId, CreatedAt = now };
        model.Revise(input, now);
        return model;
    }

    public void Revise(ModelInput input, DateTimeOffset now)
    {
        Name = input.Name!;
        Description = input.Description;
        Type = input.Type!.Value;
        Configuration = input.Configuration!.ToJsonString(BeaconJson.Options);
        IsActive = input.IsActive!.Value;
        UpdatedAt = now;
    }
}
