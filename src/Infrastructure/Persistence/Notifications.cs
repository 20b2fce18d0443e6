using CryptoBeacon.Application.Persistence;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>The process's one listening connection, outside the pools: LISTEN stays with its session.</summary>
public sealed partial class Notifications(
    DataSources dataSources,
    IEnumerable<NotifyChannel> channels,
    ILogger<Notifications> logger
) : BackgroundService, INotifications
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Channel, string Payload), HashSet<Subscription>> _subscriptions = [];

    public INotificationSubscription Subscribe(NotifyChannel channel, string payload)
    {
        var subscription = new Subscription(this, (channel.Name, payload));
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(subscription.Topic, out var others))
            {
                _subscriptions[subscription.Topic] = others = [];
            }

            others.Add(subscription);
        }

        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogInterrupted(exception);
                await Task.Delay(RetryAfter, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await dataSources.Listeners.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, heard) => Signal((heard.Channel, heard.Payload));
        foreach (var channel in channels)
        {
            // LISTEN takes no parameters: format() quotes the name.
            await connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    select set_config('app.channel', @Name, false);
                    do $$ begin execute format('listen %I', current_setting('app.channel')); end; $$;
                    """,
                    channel,
                    cancellationToken: stoppingToken
                )
            );
        }

        SignalAll();
        while (true)
        {
            await connection.WaitAsync(stoppingToken);
        }
    }

    private void Signal((string Channel, string Payload) topic)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions.GetValueOrDefault(topic) ?? [])
            {
                subscription.Signal();
            }
        }
    }

    private void SignalAll()
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions.Values.SelectMany(subscriptions => subscriptions))
            {
                subscription.Signal();
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (
                _subscriptions.TryGetValue(subscription.Topic, out var others)
                && others.Remove(subscription)
                && others.Count == 0
            )
            {
                _subscriptions.Remove(subscription.Topic);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Listening for notifications was interrupted and starts again")]
    private partial void LogInterrupted(Exception exception);

    private sealed class Subscription(Notifications owner, (string Channel, string Payload) topic)
        : INotificationSubscription
    {
        private readonly SemaphoreSlim _signal = new(0, 1);

        public (string Channel, string Payload) Topic => topic;

        public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
            _signal.WaitAsync(limit, cancellationToken);

        /// <summary>Under the owner's lock, so that the count never passes one.</summary>
        public void Signal()
        {
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }

        public void Dispose()
        {
            owner.Remove(this);
            _signal.Dispose();
        }
    }
}
