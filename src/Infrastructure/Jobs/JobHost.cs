using CryptoBeacon.Application.Jobs;
using Hangfire;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Infrastructure.Jobs;

/// <summary>
/// What Hangfire stores and calls: a job by its stable name. Classes may be renamed and moved without a stored job losing its way.
/// </summary>
[JobTrace]
public sealed class JobHost(IWorkerScopes scopes, JobCatalog catalog)
{
    [JobDisplayName("{0}")]
    public async Task RunAsync(string name, string? argument, CancellationToken cancellationToken)
    {
        await using var scope = scopes.Create();
        var job = (IJob)ActivatorUtilities.CreateInstance(scope.ServiceProvider, catalog[name].Type);
        await job.RunAsync(argument, cancellationToken);
    }

    internal static Job Call(string name, string? argument, string? queue = null) =>
        new(
            typeof(JobHost),
            typeof(JobHost).GetMethod(nameof(RunAsync))!,
            [name, argument, CancellationToken.None],
            queue
        );
}

/// <summary>All jobs of all modules, by name.</summary>
public sealed class JobCatalog(IEnumerable<JobDefinition> definitions)
{
    private readonly Dictionary<string, JobDefinition> _byName = definitions.ToDictionary(definition =>
        definition.Name
    );

    public JobDefinition this[string name] =>
        _byName.TryGetValue(name, out var definition)
            ? definition
            : throw new InvalidOperationException($"There is no job named {name}.");

    public string[] Names => [.. _byName.Keys];

    public IEnumerable<JobDefinition> Recurring => _byName.Values.Where(definition => definition.Cron is not null);
}
