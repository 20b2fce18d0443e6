using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>The errors that the servers of this run have logged since a test began: a 500 by itself does not say why.</summary>
internal sealed class Faults : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _entries = [];

    public void Clear() => _entries.Clear();

    /// <summary>Writes them beside the failure of the test that has just failed.</summary>
    public void Show()
    {
        foreach (var entry in _entries)
        {
            TestContext.Out.WriteLine(entry);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _entries.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose() { }
}
