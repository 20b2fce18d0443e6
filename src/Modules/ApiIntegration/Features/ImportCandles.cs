using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Files;
using CryptoBeacon.ApiIntegration.Jobs;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Domain.Values;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Takes in an archive's candles: the good rows, in place of what prices had folded into or an earlier import had said.</summary>
internal sealed record ImportCandles(string? CoinId, string? Currency, string? Interval, Stream Csv)
    : ICommand<CandleImport>;

/// <param name="Duplicates">Rows that were stored just so already, or stand in the file twice.</param>
internal sealed record CandleImport(int Imported, int Duplicates, IReadOnlyList<RejectedRow> Rejected);

internal sealed class ImportCandlesValidator : AbstractValidator<ImportCandles>
{
    public ImportCandlesValidator()
    {
        RuleFor(command => command.CoinId).Required().CoinId();
        RuleFor(command => command.Currency).Required().Currency();
        RuleFor(command => command.Interval)
            .Required()
            .Must(name => name is null || CandleInterval.Find(name) is not null)
            .WithMessage(CandleInterval.Rule);
    }
}

internal sealed class ImportCandlesHandler(
    IWriteDatabase database,
    IOutbox outbox,
    CandleNews news,
    IAuditTrail audit,
    TimeProvider clock
) : IRequestHandler<ImportCandles, Result<CandleImport>>
{
    // Statements stay short, however long the file is.
    private const int RowsAtOnce = 50_000;

    public async Task<Result<CandleImport>> Handle(ImportCandles request, CancellationToken cancellationToken)
    {
        var interval = CandleInterval.Find(request.Interval)!;
        var opened = await CandleFile.OpenAsync(request.Csv, interval, clock.GetUtcNow(), cancellationToken);
        if (!opened.IsSuccess)
        {
            return opened.Error;
        }

        using var file = opened.Value;
        await database.ExecuteAsync(
            """
            create temporary table imported_candles (
                position integer primary key, line integer, open_time timestamptz,
                open numeric, high numeric, low numeric, close numeric, volume numeric
            ) on commit drop
            """,
            null,
            cancellationToken
        );
        var read = (int)
            await database.CopyAsync(
                "COPY pg_temp.imported_candles FROM STDIN (FORMAT BINARY)",
                ToRows(file.ReadAsync(cancellationToken)),
                cancellationToken
            );
        if (file.HasTooManyRejected)
        {
            return Error.Invalid(
                JsonErrors.WholeBody,
                $"has more than {CandleFile.MaxRejected} rows that are no candles; none was imported"
            ) with
            {
                Details = new Dictionary<string, object?> { ["rejected"] = file.Rejected },
            };
        }

        var contradictions = await RemoveRepetitionsAsync(cancellationToken);
        var imported = 0;
        for (var from = 0; from < read; from += RowsAtOnce)
        {
            imported += await StoreAsync(request, from, from + RowsAtOnce, cancellationToken);
        }

        await outbox.RequestJobAsync(FoldHoursJob.Name, argument: null, cancellationToken);
        if (interval == CandleInterval.Minute)
        {
            await news.TellAsync(
                request.CoinId!,
                request.Currency!,
                await NewestAsync(cancellationToken),
                QuotePrices.Provider,
                cancellationToken
            );
        }

        await audit.RecordAsync(
            AuditAction.Created,
            "candles",
            $"{request.CoinId}/{request.Currency}/{request.Interval}",
            new { imported },
            cancellationToken
        );
        return new CandleImport(
            imported,
            read - imported - contradictions.Count,
            [.. file.Rejected.Concat(contradictions).OrderBy(rejected => rejected.Line)]
        );
    }

    private static async IAsyncEnumerable<object?[]> ToRows(IAsyncEnumerable<(int Line, Candle Candle)> candles)
    {
        var position = 0;
        await foreach (var (line, candle) in candles)
        {
            yield return
            [
                position++,
                line,
                candle.Time.UtcDateTime,
                candle.Open,
                candle.High,
                candle.Low,
                candle.Close,
                candle.Volume,
            ];
        }
    }

    /// <summary>Leaves the first of the rows with one time; those of the rest that say something else are rejected.</summary>
    private async Task<IReadOnlyList<RejectedRow>> RemoveRepetitionsAsync(CancellationToken cancellationToken)
    {
        var repetitions = await database.QueryAsync<Repetition>(
            """
            delete from pg_temp.imported_candles again
            using (select distinct on (open_time) * from pg_temp.imported_candles order by open_time, position) first
            where again.open_time = first.open_time and again.position <> first.position
            returning
                again.line,
                first.line as first_line,
                (again.open, again.high, again.low, again.close, again.volume)
                    is distinct from (first.open, first.high, first.low, first.close, first.volume) as is_contradiction
            """,
            null,
            cancellationToken
        );
        return
        [
            .. repetitions
                .Where(repetition => repetition.IsContradiction)
                .Select(repetition => new RejectedRow(
                    repetition.Line,
                    $"contradicts line {repetition.FirstLine}, which has the same time"
                )),
        ];
    }

    private Task<IReadOnlyList<StoredCandle>> NewestAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<StoredCandle>(
            "select open_time as time, open, high, low, close from pg_temp.imported_candles order by open_time desc limit 10",
            null,
            cancellationToken
        );

    private Task<int> StoreAsync(ImportCandles request, int from, int to, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            insert into api_integration.candles as stored
                (coin_id, currency, interval, open_time, open, high, low, close, volume, is_imported)
            select @CoinId, @Currency, @Interval, open_time, open, high, low, close, volume, true
            from pg_temp.imported_candles
            where position >= @from and position < @to
            order by open_time
            on conflict (coin_id, currency, interval, open_time) do update
                set open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume,
                    first_at = null, last_at = null, is_imported = true
                where not stored.is_imported
                    or (stored.open, stored.high, stored.low, stored.close, stored.volume)
                        is distinct from (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume)
            """,
            new
            {
                request.CoinId,
                request.Currency,
                request.Interval,
                from,
                to,
            },
            cancellationToken
        );

    private sealed record Repetition
    {
        public int Line { get; init; }

        public int FirstLine { get; init; }

        public bool IsContradiction { get; init; }
    }
}

internal static class ImportCandlesEndpoint
{
    private const long MaxBody = 256L * 1024 * 1024;

    public static void Map(RouteGroupBuilder market) =>
        market
            .MapPost(
                "/candles",
                async (
                    string? coinId,
                    string? currency,
                    string? interval,
                    Stream csv,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ImportCandles(coinId, currency, interval, csv), ct)).ToOk()
            )
            .Accepts<string>("text/csv")
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .RequireAdmin()
            .Produces<CandleImport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .WithName(nameof(ImportCandles))
            .WithSummary(
                "Import candles: time,open,high,low,close,volume with times in RFC 3339 or Unix milliseconds; bad rows are named, the rest is stored"
            );
}
