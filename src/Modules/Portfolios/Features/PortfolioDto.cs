using AutoMapper;
using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>A portfolio as clients see it.</summary>
internal sealed record PortfolioDto : IVersioned
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Currency { get; init; }

    public required bool IsDefault { get; init; }

    public required CostBasisMethod CostBasisMethod { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required uint Version { get; init; }

    public static string Location(Guid id) => $"/api/v1/portfolios/{id}";

    internal sealed class Mapping : Profile
    {
        public Mapping() => CreateMap<Portfolio, PortfolioDto>();
    }
}
