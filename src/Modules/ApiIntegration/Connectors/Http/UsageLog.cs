using System.Data.Common;
using System.Threading.Channels;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.ApiIntegration.Connectors.Http;

/// <summary>
/// Takes the records of calls off their way and writes them in batches, those that wait at a stop too. It can't run full: without a database there are no
/// calls, since there is no budget.
/// </summary>
internal sealed partial class UsageLog(IWorkerScopes scopes, TimeProvider clock, ILogger<UsageLog> logger)
    : BackgroundService
{
    private const int BatchSize = 500;
    private const string ForeignKeyViolation = "23503";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Channel<UsageEntry> _waiting = Channel.CreateUnbounded<UsageEntry>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    public void Add(UsageEntry? entry)
    {
        if (entry is not null)
        {
            _waiting.Writer.TryWrite(entry);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                await WriteWaitingAsync(stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is written below, once nobody calls any more.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteWaitingAsync(cancellationToken);
    }

    private async Task WriteWaitingAsync(CancellationToken cancellationToken)
    {
        var batch = new List<UsageEntry>();
        while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
        }

        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await WriteAsync(batch, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or OperationCanceledException)
        {
            LogDelayed(batch.Count, exception.Message);
            batch.ForEach(Add);
            return;
        }

        await WriteWaitingAsync(cancellationToken);
    }

    /// <summary>
    /// Where an owner or a key has gone meanwhile, each record goes by itself, and what belongs to nobody any more is nobody's. One that can't be stored at all
    /// must not keep the others from it.
    /// </summary>
    private async Task WriteAsync(List<UsageEntry> batch, CancellationToken cancellationToken)
    {
        try
        {
            await InsertAsync(batch, cancellationToken);
        }
        catch (DbException exception) when (IsAboutTheData(exception) && batch is [{ } single])
        {
            if (exception.SqlState != ForeignKeyViolation)
            {
                LogRefused(single.ProviderId, exception.Message);
            }
            else if (single.ApiKeyId is not null)
            {
                await WriteAsync([single with { ApiKeyId = null }], cancellationToken);
            }
        }
        catch (DbException exception) when (IsAboutTheData(exception))
        {
            foreach (var entry in batch)
            {
                await WriteAsync([entry], cancellationToken);
            }
        }
    }

    private async Task InsertAsync(List<UsageEntry> batch, CancellationToken cancellationToken)
    {
        await using var scope = scopes.Create();
        await scope
            .ServiceProvider.GetRequiredService<IAutoCommitDatabase>()
            .QueryAsync<Guid>(
                """
                insert into api_integration.api_usage
                    (id, user_id, provider_id, api_key_id, endpoint, "timestamp", response_time, status_code, error, request_details)
                select id, user_id, provider_id, api_key_id, endpoint, at, response_time, status_code, error,
                    jsonb_build_object('attempt', attempt, 'weight', weight)
                from unnest(@ids, @users, @providers, @keys, @endpoints, @times, @durations, @statuses, @errors, @attempts, @weights)
                    entry (id, user_id, provider_id, api_key_id, endpoint, at, response_time, status_code, error, attempt, weight)
                on conflict do nothing
                returning id
                """,
                new
                {
                    ids = batch.Select(entry => entry.Id).ToArray(),
                    users = batch.Select(entry => entry.UserId).ToArray(),
                    providers = batch.Select(entry => entry.ProviderId).ToArray(),
                    keys = batch.Select(entry => entry.ApiKeyId).ToArray(),
                    endpoints = batch.Select(entry => entry.Endpoint).ToArray(),
                    times = batch.Select(entry => entry.At).ToArray(),
                    durations = batch.Select(entry => entry.Milliseconds).ToArray(),
                    statuses = batch.Select(entry => entry.StatusCode).ToArray(),
                    errors = batch.Select(entry => entry.Error).ToArray(),
                    attempts = batch.Select(entry => entry.Attempt).ToArray(),
                    weights = batch.Select(entry => entry.Weight).ToArray(),
                },
                cancellationToken
            );
    }

    /// <summary>Classes 22 and 23 of SQL: the database is well, and would say the same again.</summary>
    private static bool IsAboutTheData(DbException exception) => exception.SqlState is ['2', '2' or '3', ..];

    [LoggerMessage(LogLevel.Error, "A call to provider {ProviderId} can't be recorded: {Reason}")]
    private partial void LogRefused(Guid providerId, string reason);

    [LoggerMessage(LogLevel.Warning, "The use of providers could not be recorded; {Count} calls wait: {Reason}")]
    private partial void LogDelayed(int count, string reason);
}
