using System.Collections.Concurrent;
using System.Diagnostics;
using CryptoBeacon.IntegrationTests.Harness;
using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>What a collector would be sent.</summary>
internal sealed class TraceTests : ApiTest
{
    private const string Http = "Microsoft.AspNetCore";
    private const string Own = "CryptoBeacon";
    private const string Sql = "Npgsql";
    private const string Job = "alerts.evaluate";

    private readonly ConcurrentQueue<Activity> _ended = [];
    private ActivityListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _ended.Clear();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Http or Own or Sql,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Stop() => _listener.Dispose();

    [Test]
    public async Task One_trace_runs_from_the_request_over_the_use_case_and_its_statements_to_the_job_and_its_statements()
    {
        var admin = await AdminAsync();
        var caller = NewTrace();

        (
            await admin.PostAsync(
                "/admin/market/prices",
                new
                {
                    prices = new[]
                    {
                        new
                        {
                            coinId = "bitcoin",
                            currency = "USD",
                            price = "50000",
                        },
                    },
                },
                ("traceparent", caller)
            )
        ).ShouldBe(202);

        var job = await EndedAsync(caller, span => span.DisplayName == Job);
        var request = await EndedAsync(caller, span => span.Source.Name == Http);
        Assert.That(request.ParentSpanId, Is.EqualTo(Parse(caller).SpanId));
        var useCase = await EndedAsync(caller, span => span.Source.Name == Own && span.Parent == request);
        var statements = SpansOf(caller).Where(span => span.Source.Name == Sql).ToList();
        Assert.That(statements, Has.Some.Matches<Activity>(span => span.ParentSpanId == useCase.SpanId));
        Assert.That(statements, Has.Some.Matches<Activity>(IsAboutTheOutbox));
        Assert.That(job.ParentSpanId, Is.EqualTo(useCase.SpanId));
        Assert.That(statements, Has.Some.Matches<Activity>(span => IsBelow(span, job)));
        Assert.That(job.GetTagItem("outcome"), Is.EqualTo("ok"));
    }

    [Test]
    public async Task A_job_that_several_requests_have_asked_for_continues_the_first_and_links_the_others()
    {
        string[] callers = [NewTrace(), NewTrace(), NewTrace()];
        await using (var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString))
        {
            await connection.ExecuteAsync(
                """
                insert into platform.outbox (kind, payload)
                select 'job', jsonb_build_object('name', @Job, 'argument', null, 'traceParent', caller)
                from unnest(@callers) caller
                """,
                new { Job, callers }
            );
        }

        var job = await EndedAsync(callers[0], span => span.DisplayName == Job);
        Assert.That(
            job.Links.Select(link => link.Context.TraceId),
            Is.EqualTo(callers[1..].Select(caller => Parse(caller).TraceId))
        );
    }

    [Test]
    public async Task What_nobody_asked_for_leaves_no_trace()
    {
        // (The name is in two pieces, or the question would be about the outbox itself.) The sweeper looks into the outbox every second, and finds nothing.
        var before = await LooksAsync();
        await EventuallyAsync(LooksAsync, looks => looks > before, TimeSpan.FromMinutes(1));

        Assert.That(_ended.Where(IsAboutTheOutbox), Is.Empty);

        static Task<long> LooksAsync() =>
            StoredAsync<long>(
                "select seq_scan + coalesce(idx_scan, 0) from pg_stat_all_tables where relid = ('platform.'||'outbox')::regclass"
            );
    }

    [Test]
    public async Task Use_cases_and_jobs_are_measured_by_name_and_outcome()
    {
        await Anonymous.PostAsync("/auth/login", new { email = "nobody@tests.example", password = "wrong" });

        var metrics = await EventuallyAsync(
            () => Anonymous.GetAsync("~/metrics"),
            answer =>
                answer.Text.Contains("crypto_beacon_use_case_duration_seconds_bucket", StringComparison.Ordinal)
                && answer.Text.Contains("crypto_beacon_job_duration_seconds_bucket", StringComparison.Ordinal)
        );
        Assert.That(metrics.Text, Does.Match("use_case_duration_seconds_count{.*use_case=\"Login\".*}"));
    }

    private static bool IsAboutTheOutbox(Activity statement) =>
        statement.GetTagItem("db.query.text") is string sql
        && sql.Contains("platform.outbox", StringComparison.Ordinal);

    private static string NewTrace() =>
        $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01";

    private static ActivityContext Parse(string traceParent) => ActivityContext.Parse(traceParent, null);

    private static bool IsBelow(Activity span, Activity ancestor) =>
        span.Parent is { } parent && (parent == ancestor || IsBelow(parent, ancestor));

    private IEnumerable<Activity> SpansOf(string traceParent) =>
        _ended.Where(span => span.TraceId == Parse(traceParent).TraceId);

    private async Task<Activity> EndedAsync(string traceParent, Func<Activity, bool> isWanted) =>
        (
            await EventuallyAsync(
                () => Task.FromResult(SpansOf(traceParent).FirstOrDefault(isWanted)),
                span => span is not null
            )
        )!;
}
