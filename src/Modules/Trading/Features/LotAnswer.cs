using System.Text.Json.Serialization;
using CryptoBeacon.Trading.Domain.Lots;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>What an answer rests on that was worked out from lots.</summary>
internal sealed record LotBasis(LotScope Scope, Gaps Gaps);

/// <summary>What every such answer says: how it was worked out, and what it lacks.</summary>
internal abstract record LotAnswer
{
    // Not required: the serializer would want to set it.
    [JsonIgnore]
    public LotBasis Basis { private get; init; } = null!;

    /// <summary>Null where the portfolios differ in it.</summary>
    public CostBasisMethod? Method => Basis.Scope.Method;

    public string Currency => Basis.Scope.Currency;

    public bool IsComplete => Basis.Gaps.IsComplete;

    public IReadOnlyList<Gap> Missing => Basis.Gaps.All;

    public IReadOnlyList<RateUsed> Rates => Basis.Scope.Rates.All;

    public long? OldestRateAgeSeconds => Basis.Scope.Rates.OldestAgeSeconds;
}
