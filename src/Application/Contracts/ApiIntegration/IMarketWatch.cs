namespace CryptoBeacon.Application.Contracts.ApiIntegration;

/// <summary>How prices come in and how alerts keep up with them, for whoever runs the installation. As the worker login, who sees everybody's.</summary>
public interface IMarketWatch
{
    Task<MarketState> LookAsync(CancellationToken cancellationToken);
}

/// <param name="Minutes">The last ten, the newest first.</param>
public sealed record MarketState(
    Backlog Batches,
    IReadOnlyList<EvaluatedMinute> Minutes,
    IReadOnlyList<ProviderState> Providers
);

/// <summary>What waits for somebody to take it.</summary>
public sealed record Backlog
{
    public long Waiting { get; init; }

    public DateTimeOffset? Oldest { get; init; }
}

/// <summary>The work of the minute that ended at <see cref="Until"/>.</summary>
public sealed record EvaluatedMinute
{
    public DateTimeOffset Until { get; init; }

    /// <summary>Batches of prices that were put to the alerts.</summary>
    public long Batches { get; init; }

    /// <summary>Alerts that those prices could change, each counted once a batch.</summary>
    public long Alerts { get; init; }
}

/// <summary>Who says prices: the simulation, an administrator, or a provider that is polled.</summary>
public sealed record ProviderState
{
    public required string Name { get; init; }

    /// <summary>How many pairs have their newest price from there.</summary>
    public long Pairs { get; init; }

    public DateTimeOffset? NewestPrice { get; init; }

    /// <summary>Calls within the last hour.</summary>
    public long Calls { get; init; }

    public long FailedCalls { get; init; }
}
