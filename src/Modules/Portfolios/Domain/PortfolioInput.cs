namespace CryptoBeacon.Portfolios.Domain;

/// <summary>What a client may say of a portfolio: the body of POST, and the state that PATCH patches.</summary>
internal sealed record PortfolioInput : IHasDefaults<PortfolioInput>
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>What it is valued in; USD unless said.</summary>
    public string? Currency { get; init; }

    public bool? IsDefault { get; init; }

    /// <summary>FIFO unless said.</summary>
    public CostBasisMethod? CostBasisMethod { get; init; }

    public PortfolioInput WithDefaults() =>
        this with
        {
            Currency = Currency ?? CryptoBeacon.Domain.Values.Currency.Default,
            IsDefault = IsDefault ?? false,
            CostBasisMethod = CostBasisMethod ?? Domain.CostBasisMethod.Fifo,
        };
}

internal sealed class PortfolioInputValidator : AbstractValidator<PortfolioInput>
{
    public PortfolioInputValidator()
    {
        RuleFor(p => p.Name).Required().Name();
        RuleFor(p => p.Description).Notes();
        RuleFor(p => p.Currency).Required().Currency();
        RuleFor(p => p.IsDefault).Required();
        RuleFor(p => p.CostBasisMethod).Required();
    }
}
