using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Application.Jobs;

/// <summary>
/// A unit of background work. It can be killed at any line and run again, so it keeps its progress in the database and nowhere else. It is made
/// anew in a scope of its own, as the worker login.
/// </summary>
public interface IJob
{
    /// <param name="argument">An id or nothing: never personal data or a secret.</param>
    Task RunAsync(string? argument, CancellationToken cancellationToken);
}

/// <summary>Scopes for background work, jobs or not.</summary>
public interface IWorkerScopes
{
    /// <summary>As the worker login, on behalf of nobody.</summary>
    AsyncServiceScope Create();

    /// <summary>As the login of requests, on behalf of one user: a job for one sees what that user sees, and no more.</summary>
    AsyncServiceScope CreateFor(Guid userId);
}

/// <summary>A job as data.</summary>
/// <param name="Name">Stable, such as <c>alerts.evaluate</c>: stored jobs and the dashboard know it by this name.</param>
/// <param name="Cron">When it recurs, in UTC; null: only when the outbox asks for it.</param>
public sealed record JobDefinition(string Name, Type Type, string? Cron = null, string Queue = JobQueues.Default)
{
    public static JobDefinition Of<TJob>(string name, string? cron = null, string queue = JobQueues.Default)
        where TJob : IJob => new(name, typeof(TJob), cron, queue);
}

/// <summary>Fetched in alphabetical order.</summary>
public static class JobQueues
{
    /// <summary>What people wait for: alerts.</summary>
    public const string Urgent = "a-urgent";
    public const string Default = "default";

    /// <summary>What keeps a core busy for long: its own workers take it, one a core, so that nothing else waits for it.</summary>
    public const string Computing = "computing";
}

/// <summary>
/// Asks for a job from inside a transaction: the request is a row that commits or vanishes with the changes it follows from. It is run at
/// least once.
/// </summary>
public interface IOutbox
{
    /// <param name="notBefore">Null: at once.</param>
    Task RequestJobAsync(
        string jobName,
        string? argument,
        CancellationToken cancellationToken,
        DateTimeOffset? notBefore = null
    );
}
