using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Persistence;

/// <summary>What a stored run asks for.</summary>
/// <param name="Configuration">JSON.</param>
/// <param name="Space">JSON: what a sweep varies; null of a back-test.</param>
internal sealed record RunRequest(Guid ModelId, string Configuration, RunTerms Terms, string? Space);

internal sealed class RunRequests(IReadDatabase database)
{
    /// <summary>Null where it is gone.</summary>
    public async Task<RunRequest?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<Row>(
            """
            select model_id, configuration::text as configuration, start_date, end_date, assets, currency, interval, initial_capital, fee_rate,
                slippage_rate, risk_free_rate, null as space
            from models.model_backtests
            where id = @id
            union all
            select model_id, configuration::text as configuration, start_date, end_date, assets, currency, interval, initial_capital, fee_rate,
                slippage_rate, risk_free_rate, space::text as space
            from models.model_sweeps
            where id = @id
            """,
            new { id },
            cancellationToken
        )
            is { } row
            ? new RunRequest(row.ModelId, row.Configuration, row.ToTerms(), row.Space)
            : null;

    private sealed record Row
    {
        public required Guid ModelId { get; init; }

        public required string Configuration { get; init; }

        public required DateTimeOffset StartDate { get; init; }

        public required DateTimeOffset EndDate { get; init; }

        public required string[] Assets { get; init; }

        public required string Currency { get; init; }

        public required string Interval { get; init; }

        public required decimal InitialCapital { get; init; }

        public required decimal FeeRate { get; init; }

        public required decimal SlippageRate { get; init; }

        public required decimal RiskFreeRate { get; init; }

        public string? Space { get; init; }

        public RunTerms ToTerms() =>
            new(
                StartDate,
                EndDate,
                Assets,
                Currency,
                CandleInterval.Find(Interval)!,
                InitialCapital,
                FeeRate,
                SlippageRate,
                RiskFreeRate,
                null
            );
    }
}
