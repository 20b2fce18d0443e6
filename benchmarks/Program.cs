using CryptoBeacon.Benchmarks;

// dotnet run -c Release --project benchmarks -- <name>
Dictionary<string, Func<Task>> benchmarks = new(StringComparer.Ordinal)
{
    ["import"] = ImportBenchmark.RunAsync,
    ["lots"] = LotsBenchmark.RunAsync,
};

if (args is not [var name] || !benchmarks.TryGetValue(name, out var run))
{
    await Console.Error.WriteLineAsync($"Name one of: {string.Join(", ", benchmarks.Keys.Order())}");
    return 1;
}

await run();
return 0;
