using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.Models.Features;

/// <summary>Back-tests side by side, in the order asked for.</summary>
internal sealed record CompareBacktests(string? Ids) : IQuery<BacktestComparison>
{
    public const int MaxIds = 20;

    public IReadOnlyList<Guid>? Read()
    {
        var ids = (Ids ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var read = ids.Select(id => Guid.TryParseExact(id, "D", out var known) ? known : (Guid?)null)
            .Distinct()
            .ToList();
        return read.Count is > 0 and <= MaxIds && !read.Contains(null) ? [.. read.Select(id => id!.Value)] : null;
    }
}

/// <param name="Metrics">A row a measure, its values in the order of the items.</param>
internal sealed record BacktestComparison(IReadOnlyList<BacktestDto> Items, IReadOnlyList<ComparedMetric> Metrics);

/// <param name="Best">The id of the best; null where nothing is known.</param>
internal sealed record ComparedMetric(
    string Name,
    string Unit,
    string Formula,
    IReadOnlyList<decimal?> Values,
    Guid? Best
);

internal sealed class CompareBacktestsValidator : AbstractValidator<CompareBacktests>
{
    public CompareBacktestsValidator() =>
        RuleFor(q => q.Ids)
            .Must((q, _) => q.Read() is not null)
            .WithMessage($"must be 1 to {CompareBacktests.MaxIds} ids of back-tests, separated by commas");
}

internal sealed class CompareBacktestsHandler(IReadDatabase database)
    : IRequestHandler<CompareBacktests, Result<BacktestComparison>>
{
    public async Task<Result<BacktestComparison>> Handle(CompareBacktests request, CancellationToken cancellationToken)
    {
        var ids = request.Read()!;
        var found = await database.QueryAsync<BacktestDto>(
            $"""
            select {BacktestDto.Columns}
            from models.model_backtests
            where id = any(@ids)
            order by array_position(@ids, id)
            """,
            new { ids = ids.ToArray() },
            cancellationToken
        );
        return found.Count < ids.Count
            ? ModelErrors.BacktestNotFound
            : new BacktestComparison(found, [.. MetricCatalogue.All.Select(metric => Compare(metric, found))]);
    }

    private static ComparedMetric Compare(Metric metric, IReadOnlyList<BacktestDto> backtests)
    {
        var values = backtests.Select(backtest => Value(backtest.PerformanceMetrics?[metric.Name])).ToList();
        var best = values.Index().Where(value => value.Item is not null).ToList();
        return new ComparedMetric(
            metric.Name,
            metric.Unit,
            metric.Formula,
            values,
            best.Count == 0
                ? null
                : backtests[
                    (metric.HigherIsBetter ? best.MaxBy(value => value.Item) : best.MinBy(value => value.Item)).Index
                ].Id
        );
    }

    private static decimal? Value(JsonNode? text) =>
        text is not null && Exact.TryParse(text.ToString(), allowExponent: false, out var value) ? value : null;
}

internal static class CompareBacktestsEndpoint
{
    public static void Map(RouteGroupBuilder backtests) =>
        backtests
            .MapGet(
                "/compare",
                async ([FromQuery] string[]? ids, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CompareBacktests(string.Join(',', ids ?? [])), ct)).ToOk()
            )
            .WithName(nameof(CompareBacktests))
            .WithSummary("Configurations and measures of back-tests, side by side")
            .RequireScope(Scopes.Read)
            .Produces<BacktestComparison>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
}
