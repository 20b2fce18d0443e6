using CryptoBeacon.Benchmarks;

// dotnet run -c Release --project benchmarks -- <name>
Dictionary<string, Func<Task>> benchmarks = new(StringComparer.Ordinal)
{
    ["audit-verification"] = AuditVerificationBenchmark.RunAsync,
    ["backtest"] = BacktestBenchmark.RunAsync,
    ["candles"] = CandlesBenchmark.RunAsync,
    ["alert-latency"] = AlertLatencyBenchmark.RunAsync,
    ["alerts"] = AlertsBenchmark.RunAsync,
    ["dry-run"] = DryRunBenchmark.RunAsync,
    ["grown"] = GrownBenchmark.RunAsync,
    ["import"] = ImportBenchmark.RunAsync,
    ["lots"] = LotsBenchmark.RunAsync,
    ["mixed"] = MixedBenchmark.RunAsync,
    ["reads"] = ReadsBenchmark.RunAsync,
    ["start"] = StartBenchmark.RunAsync,
    ["sweep"] = BacktestBenchmark.RunSweepAsync,
    ["trade"] = TradeBenchmark.RunAsync,
};

if (args is [BareServer.Mode, var connectionString, var keys, var urls])
{
    await BareServer.RunAsync(connectionString, keys, urls);
    return 0;
}

if (args is not [var name] || !benchmarks.TryGetValue(name, out var run))
{
    await Console.Error.WriteLineAsync($"Name one of: {string.Join(", ", benchmarks.Keys.Order())}");
    return 1;
}

await run();
return 0;
