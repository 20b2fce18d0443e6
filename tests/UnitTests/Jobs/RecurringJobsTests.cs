using System.Transactions;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Infrastructure.Jobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CryptoBeacon.UnitTests.Jobs;

internal sealed class RecurringJobsTests
{
    [Test]
    public async Task A_database_that_is_away_for_a_moment_is_told_later_of_what_recurs()
    {
        var manager = new Manager();
        var clock = new FakeTimeProvider();
        var catalog = new JobCatalog([
            JobDefinition.Of<IJob>("first", cron: "* * * * *"),
            JobDefinition.Of<IJob>("second", cron: "* * * * *"),
            JobDefinition.Of<IJob>("does not recur"),
        ]);
        using var jobs = new RecurringJobs(manager, catalog, clock, NullLogger<RecurringJobs>.Instance);

        await jobs.StartAsync(CancellationToken.None);
        Assert.That(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return jobs.ExecuteTask!.IsCompletedSuccessfully;
            },
            Is.True.After(5_000, 10)
        );

        Assert.That(manager.Told, Is.EqualTo(new[] { "first", "second" }));
    }

    private sealed class Manager : IRecurringJobManagerV2
    {
        private readonly Queue<Exception> _failures = new([
            new NpgsqlException("away"),
            new TimeoutException(),
            new TransactionAbortedException(),
            new PostgreSqlDistributedLockException("held"),
        ]);

        public List<string> Told { get; } = [];

        public JobStorage Storage => throw new NotSupportedException();

        public void AddOrUpdate(string recurringJobId, Job job, string cronExpression, RecurringJobOptions options)
        {
            if (_failures.TryDequeue(out var failure))
            {
                throw failure;
            }

            Told.Add(recurringJobId);
        }

        public void Trigger(string recurringJobId) => throw new NotSupportedException();

        public string TriggerJob(string recurringJobId) => throw new NotSupportedException();

        public void RemoveIfExists(string recurringJobId) => throw new NotSupportedException();
    }
}
