namespace CryptoBeacon.Portfolios.Domain;

/// <summary>A user's book of trades, valued in one currency.</summary>
internal sealed class Portfolio : Entity, IMayBeDefault
{
    private Portfolio() { }

    public Guid UserId { get; private init; }

    public string Name { get; private set; } = null!;

    public string? Description { get; private set; }

    public string Currency { get; private set; } = null!;

    public bool IsDefault { get; private set; }

    public CostBasisMethod CostBasisMethod { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>A new one is not the default before <see cref="DefaultOf{T}"/> makes it so.</summary>
    public static Portfolio Open(Guid userId, PortfolioInput input, DateTimeOffset now)
    {
        var portfolio = new Portfolio { UserId = userId, CreatedAt = now };
        portfolio.Revise(input, now);
        return portfolio;
    }

    public void Revise(PortfolioInput input, DateTimeOffset now)
    {
        Name = input.Name!;
        Description = input.Description;
        Currency = input.Currency!;
        CostBasisMethod = input.CostBasisMethod!.Value;
        UpdatedAt = now;
    }

    public void BecomeDefault(DateTimeOffset now)
    {
        IsDefault = true;
        UpdatedAt = now;
    }

    public void YieldDefault(DateTimeOffset now)
    {
        IsDefault = false;
        UpdatedAt = now;
    }

    public PortfolioInput ToInput() =>
        new()
        {
            Name = Name,
            Description = Description,
            Currency = Currency,
            IsDefault = IsDefault,
            CostBasisMethod = CostBasisMethod,
        };
}
