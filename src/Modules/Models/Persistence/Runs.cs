using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Models.Configurations;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Persistence;

/// <summary>
/// What back-tests and sweeps have in common: they wait, are taken in hand by one runner at a time, say that it is alive, and end once. Their ids are unique
/// across both tables.
/// </summary>
internal sealed class Runs(IWriteDatabase database, ICandleArchive candles, ForecastSeries forecasts, ICurrentUser user)
{
    /// <summary>A runner that has been silent for so long has died.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>What has ended so many servers is not tried again.</summary>
    public const int MaxAttempts = 5;

    /// <summary>Whether the user may ask for another; serialised for the user until the transaction ends.</summary>
    public async Task<Error?> RefuseAsync(TradingModel model, RunTerms terms, CancellationToken cancellationToken)
    {
        if (!model.IsActive)
        {
            return ModelErrors.Inactive;
        }

        if (await RefuseConfigurationAsync(model, terms, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (WantsTooMuch(model, terms))
        {
            return Error.Invalid(
                "interval",
                $"gives so many bars that the configuration's indicators have more than {RunInput.MaxValues} values; take a longer one, less time, or fewer assets or indicators"
            );
        }

        var known = await candles.FindKnownAsync(
            terms.Assets,
            terms.Currency,
            terms.Interval,
            terms.StartDate,
            terms.EndDate,
            cancellationToken
        );
        var unknown = terms.Assets.Index().Where(asset => !known.Contains(asset.Item)).ToList();
        if (unknown.Count > 0)
        {
            return Error.Invalid(
                unknown.ToDictionary(
                    asset => $"assets[{asset.Index}]",
                    asset =>
                        new[]
                        {
                            $"{asset.Item} has no candles in {terms.Currency} from startDate to endDate of which {terms.Interval.Name} could be made",
                        }
                )
            );
        }

        await database.LockAsync([$"model_runs:{user.Id}"], cancellationToken);
        var unfinished = await database.QueryAsync<long>(
            """
            select (select count(*) from models.model_backtests where user_id = @userId and status in ('queued', 'running'))
                + (select count(*) from models.model_sweeps where user_id = @userId and status in ('queued', 'running'))
            """,
            new { userId = user.Id },
            cancellationToken
        );
        return unfinished[0] < ModelErrors.MaxRuns ? null : ModelErrors.TooManyRuns;
    }

    /// <summary>It was checked when it was kept; what it names may be gone since, and not every run has what it wants.</summary>
    private async Task<Error?> RefuseConfigurationAsync(
        TradingModel model,
        RunTerms terms,
        CancellationToken cancellationToken
    )
    {
        var faults = ConfigurationRules.Faults(model.Type, JsonNode.Parse(model.Configuration)!.AsObject()).ToList();
        if (faults.Count > 0)
        {
            return Error.Invalid(faults.ToDictionary(fault => fault.Field, fault => new[] { fault.Message }));
        }

        if (model.Type != ModelType.Trading)
        {
            return null;
        }

        using var json = JsonDocument.Parse(model.Configuration);
        if (await forecasts.FindAsync(json.RootElement, cancellationToken) is { IsSuccess: false } missing)
        {
            return missing.Error;
        }

        var weights = StrategyConfiguration.Read(json.RootElement, out _)!.Weights(Rebalance.Weights);
        List<string> lacking =
        [
            .. weights?.Where(weight => weight.Value > 0).Select(weight => weight.Key).Except(terms.Assets) ?? [],
        ];
        return lacking.Count == 0
            ? null
            : Error.Invalid("assets", $"must name all that configuration.weights has: {string.Join(", ", lacking)}");
    }

    private static bool WantsTooMuch(TradingModel model, RunTerms terms)
    {
        using var json = JsonDocument.Parse(model.Configuration);
        return model.Type == ModelType.Trading
            && StrategyConfiguration.Read(json.RootElement, out _) is { } configuration
            && configuration.ValuesPerBar * terms.Bars > RunInput.MaxValues;
    }

    /// <summary>Takes it in hand, unless it has ended or somebody alive has it.</summary>
    public async Task<RunClaim> ClaimAsync(Guid id, Guid runner, CancellationToken cancellationToken)
    {
        var attempts = await database.QueryAsync<int>(
            """
            with backtest as (
                update models.model_backtests
                set status = 'running', runner = @runner, seen_at = now(), attempts = attempts + 1, started_at = coalesce(started_at, now())
                where id = @id and (status = 'queued' or status = 'running' and seen_at < now() - @Silence)
                returning attempts
            ), sweep as (
                update models.model_sweeps
                set status = 'running', runner = @runner, seen_at = now(), attempts = attempts + 1, started_at = coalesce(started_at, now())
                where id = @id and (status = 'queued' or status = 'running' and seen_at < now() - @Silence)
                returning attempts
            )
            select attempts from backtest
            union all
            select attempts from sweep
            """,
            new
            {
                id,
                runner,
                Silence,
            },
            cancellationToken
        );
        return attempts is not [var made] ? RunClaim.None
            : made > MaxAttempts ? RunClaim.Hopeless
            : RunClaim.Taken;
    }

    /// <summary>A sign of life.</summary>
    /// <returns>Whether the run is still this runner's: not cancelled, deleted or given to another.</returns>
    public async Task<bool> BeatAsync(Guid id, Guid runner, double progress, CancellationToken cancellationToken) =>
        await database.QueryAsync<Guid>(
            """
            with backtest as (
                update models.model_backtests
                set seen_at = now(), progress = greatest(progress, round(@progress::numeric, 3))
                where id = @id and runner = @runner and status = 'running'
                returning id
            ), sweep as (
                update models.model_sweeps
                set seen_at = now(), progress = greatest(progress, round(@progress::numeric, 3))
                where id = @id and runner = @runner and status = 'running'
                returning id
            )
            select id from backtest
            union all
            select id from sweep
            """,
            new
            {
                id,
                runner,
                progress,
            },
            cancellationToken
        )
            is [_];

    /// <summary>Puts it back for another server: this one stops.</summary>
    public Task ReleaseAsync(Guid id, Guid runner, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            update models.model_backtests
            set status = 'queued', runner = null, attempts = attempts - 1
            where id = @id and runner = @runner and status = 'running';
            update models.model_sweeps
            set status = 'queued', runner = null, attempts = attempts - 1
            where id = @id and runner = @runner and status = 'running';
            """,
            new { id, runner },
            cancellationToken
        );

    public Task FailAsync(Guid id, Guid runner, Error refusal, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            update models.model_backtests
            set status = 'failed', finished_at = now(), problem = @problem::jsonb
            where id = @id and runner = @runner and status = 'running';
            update models.model_sweeps
            set status = 'failed', finished_at = now(), problem = @problem::jsonb
            where id = @id and runner = @runner and status = 'running';
            """,
            new
            {
                id,
                runner,
                problem = JsonSerializer.Serialize(
                    new
                    {
                        refusal.Code,
                        Detail = refusal.Message,
                        Errors = refusal.Fields,
                    },
                    BeaconJson.Options
                ),
            },
            cancellationToken
        );
}

internal enum RunClaim
{
    /// <summary>It has ended, is gone, or is somebody else's.</summary>
    None,
    Taken,

    /// <summary>Taken, after it has ended too many servers.</summary>
    Hopeless,
}
