using System.Text.Json;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Features;

namespace CryptoBeacon.Models.Persistence;

/// <summary>Stored results, whose long lists are read row by row while they are sent: half a million points are never held at once.</summary>
internal sealed class ResultReader(IReadDatabase database)
{
    /// <summary>Of a back-test that has succeeded.</summary>
    public async Task<BacktestResults> OpenAsync(Guid id, CancellationToken cancellationToken)
    {
        var head = await database.QuerySingleOrDefaultAsync<Head>(
            """
            select results ? 'equity' as trades, results ->> 'rejectedEntries' as rejected_entries,
                results ->> 'skippedBars' as skipped_bars, results ->> 'monthlyReturns' as monthly_returns, results ->> 'calibration' as calibration
            from models.model_backtests
            where id = @id
            """,
            new { id },
            cancellationToken
        );
        var isTrading = head?.Trades is true;
        return new BacktestResults
        {
            Equity = isTrading ? EquityAsync(id, cancellationToken) : null,
            Trades = isTrading ? TradesAsync(id, cancellationToken) : null,
            SkippedBars = List<SkippedPart>(head?.SkippedBars) ?? [],
            MonthlyReturns = List<MonthPart>(head?.MonthlyReturns),
            RejectedEntries = head?.RejectedEntries is { } rejected
                ? int.Parse(rejected, System.Globalization.CultureInfo.InvariantCulture)
                : null,
            Forecasts = isTrading ? null : ForecastsAsync(id, cancellationToken),
            Calibration = List<CalibrationPart>(head?.Calibration),
        };
    }

    public IAsyncEnumerable<EquityPoint> EquityAsync(Guid id, CancellationToken cancellationToken) =>
        database.StreamAsync<EquityPoint>(
            """
            select point.time, point.value, point.drawdown, point."buyAndHold" as buy_and_hold
            from models.model_backtests backtest
            cross join lateral jsonb_to_recordset(backtest.results -> 'equity') as point
                (time timestamptz, value numeric, drawdown numeric, "buyAndHold" numeric)
            where backtest.id = @id
            """,
            new { id },
            cancellationToken
        );

    public IAsyncEnumerable<TradePart> TradesAsync(Guid id, CancellationToken cancellationToken) =>
        database.StreamAsync<TradePart>(
            """
            select trade."coinId" as coin_id, trade.side, trade."entryTime" as entry_time, trade."entryPrice" as entry_price,
                trade."exitTime" as exit_time, trade."exitPrice" as exit_price, trade.quantity, trade.fees, trade.pnl,
                trade."returnPercent" as return_percent, trade."exitReason" as exit_reason
            from models.model_backtests backtest
            cross join lateral jsonb_to_recordset(backtest.results -> 'trades') as trade
                ("coinId" text, side text, "entryTime" timestamptz, "entryPrice" numeric, "exitTime" timestamptz, "exitPrice" numeric,
                quantity numeric, fees numeric, pnl numeric, "returnPercent" numeric, "exitReason" text)
            where backtest.id = @id
            """,
            new { id },
            cancellationToken
        );

    public IAsyncEnumerable<ForecastPart> ForecastsAsync(Guid id, CancellationToken cancellationToken) =>
        database.StreamAsync<ForecastPart>(
            """
            select forecast."coinId" as coin_id, forecast.time, forecast.forecast, forecast.actual
            from models.model_backtests backtest
            cross join lateral jsonb_to_recordset(backtest.results -> 'forecasts') as forecast
                ("coinId" text, time timestamptz, forecast numeric, actual numeric)
            where backtest.id = @id
            """,
            new { id },
            cancellationToken
        );

    private static IReadOnlyList<T>? List<T>(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<IReadOnlyList<T>>(json, BeaconJson.Options);

    private sealed record Head
    {
        public bool Trades { get; init; }

        public string? RejectedEntries { get; init; }

        public string? SkippedBars { get; init; }

        public string? MonthlyReturns { get; init; }

        public string? Calibration { get; init; }
    }
}
