using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Domain.Values;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;

namespace CryptoBeacon.Benchmarks;

/// <summary>One thing that is read, as somebody would write it who has nothing else to do.</summary>
/// <param name="Path">Where a trader asks for it.</param>
/// <param name="Route">By which the bare server knows it.</param>
/// <param name="Ask">Adds the SQL to the batch: the product's own but for candles, where the product also asks what is not folded yet.</param>
/// <param name="AnswerAsync">Writes what it gave.</param>
internal sealed record BareRead(
    string Name,
    Func<Trader, string> Path,
    string Route,
    Action<NpgsqlBatch, Guid, RouteValueDictionary> Ask,
    Func<Utf8JsonWriter, NpgsqlDataReader, Task> AnswerAsync
);

internal static class BareReads
{
    private const int Page = 50;

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    private static readonly object NoText = NpgsqlDbType.Text;
    private static readonly object NoId = NpgsqlDbType.Uuid;

    public static readonly BareRead Portfolio = new(
        "a portfolio",
        trader => $"/api/v1/portfolios/{trader.PortfolioId}",
        "/api/v1/portfolios/{id}",
        (batch, user, route) =>
            Add(
                batch,
                """
                select id, name, description, currency, is_default, cost_basis_method, created_at, updated_at, xmin as version
                from portfolios.portfolios
                where user_id = $1 and id = $2
                """,
                user,
                Guid.Parse((string)route["id"]!)
            ),
        async (json, row) =>
        {
            await row.ReadAsync();
            json.WriteStartObject();
            WritePortfolio(json, row);
            json.WriteEndObject();
        }
    );

    public static readonly BareRead Assets = new(
        "its ten assets",
        trader => $"/api/v1/portfolios/{trader.PortfolioId}/assets",
        "/api/v1/portfolios/{id}/assets",
        (batch, user, route) =>
        {
            var id = Guid.Parse((string)route["id"]!);
            Add(batch, "select id from portfolios.portfolios where user_id = $1 and id = $2", user, id);
            Add(
                batch,
                """
                select
                    coin_id, quantity, shortfall, avg_buy_price, is_cost_complete, opening_quantity, opening_avg_buy_price, acquired_at,
                    created_at, updated_at, version
                from portfolios.assets
                where user_id = $1 and portfolio_id = $2 and ($3::text is null or coin_id > $3)
                order by coin_id
                limit $4
                """,
                user,
                id,
                NoText,
                Page + 1
            );
        },
        async (json, row) =>
        {
            await row.NextResultAsync();
            await WritePageAsync(
                json,
                row,
                () =>
                {
                    json.WriteString("coinId"u8, row.GetString(0));
                    WriteNumber(json, "quantity", row, 1);
                    WriteNumber(json, "shortfall", row, 2);
                    WriteNumber(json, "avgBuyPrice", row, 3);
                    json.WriteBoolean("isCostComplete"u8, row.GetBoolean(4));
                    WriteNumber(json, "openingQuantity", row, 5);
                    WriteNumber(json, "openingAvgBuyPrice", row, 6);
                    WriteTime(json, "acquiredAt", row, 7);
                    WriteTime(json, "createdAt", row, 8);
                    WriteTime(json, "updatedAt", row, 9);
                },
                () => $$"""{"coinId":"{{row.GetString(0)}}"}"""
            );
        }
    );

    public static readonly BareRead Trades = new(
        "the newest 50 trades",
        _ => "/api/v1/trades",
        "/api/v1/trades",
        (batch, user, _) =>
            Add(
                batch,
                """
                select *
                from (
                    select id, portfolio_id, coin_id, type, quantity, case when price_basis <> 'unknown' then price end as price,
                        case when price_basis <> 'unknown' then total_value end as total_value, currency, fee, fee_currency, deduct_fees, "timestamp",
                        acquired_at, exchange, external_id, link_id, notes, tags, import_id
                    from trading.trades
                    where user_id = $1
                    order by "timestamp" desc fetch first ($2) rows with ties
                ) page
                order by "timestamp" desc, id desc limit $2
                """,
                user,
                Page + 1
            ),
        (json, row) =>
            WritePageAsync(
                json,
                row,
                () =>
                {
                    json.WriteString("id"u8, row.GetGuid(0));
                    json.WriteString("portfolioId"u8, row.GetGuid(1));
                    json.WriteString("coinId"u8, row.GetString(2));
                    json.WriteString("type"u8, row.GetString(3));
                    WriteNumber(json, "quantity", row, 4);
                    WriteNumber(json, "price", row, 5);
                    WriteNumber(json, "totalValue", row, 6);
                    json.WriteString("currency"u8, row.GetString(7));
                    WriteNumber(json, "fee", row, 8);
                    json.WriteString("feeCurrency"u8, row.GetString(9));
                    json.WriteBoolean("deductFees"u8, row.GetBoolean(10));
                    WriteTime(json, "timestamp", row, 11);
                    WriteTime(json, "acquiredAt", row, 12);
                    WriteText(json, "exchange", row, 13);
                    WriteText(json, "externalId", row, 14);
                    WriteText(json, "linkId", row, 15);
                    WriteText(json, "notes", row, 16);
                    WriteTexts(json, "tags", row.IsDBNull(17) ? [] : row.GetFieldValue<string[]>(17));
                    WriteId(json, "importId", row, 18);
                },
                () =>
                    $$"""{"sort":"-timestamp","timestamp":"{{UtcTime.Format(row.GetDateTime(11))}}","id":"{{row.GetGuid(0)}}"}"""
            )
    );

    public static readonly BareRead Portfolios = new(
        "the portfolios",
        _ => "/api/v1/portfolios",
        "/api/v1/portfolios",
        (batch, user, _) =>
            Add(
                batch,
                """
                select id, name, description, currency, is_default, cost_basis_method, created_at, updated_at, xmin as version
                from portfolios.portfolios
                where user_id = $1 and ($2::uuid is null or id > $2)
                order by id
                limit $3
                """,
                user,
                NoId,
                Page + 1
            ),
        (json, row) =>
            WritePageAsync(json, row, () => WritePortfolio(json, row), () => $$"""{"id":"{{row.GetGuid(0)}}"}""")
    );

    public static readonly BareRead Prices = new(
        "the first 50 prices",
        _ => "/api/v1/market/prices",
        "/api/v1/market/prices",
        (batch, _, _) =>
            Add(
                batch,
                """
                with asked as (
                    (
                        select distinct coin_id
                        from unnest($1::text[]) named (coin_id)
                        where coin_id > $2
                        order by coin_id
                        limit $3
                    )
                    union all
                    select coin_id from (
                        select coin_id
                        from api_integration.latest_prices
                        where $1::text[] is null and currency = $4 and coin_id > $2
                        order by coin_id
                        limit $3
                    ) quoted
                )
                select
                    asked.coin_id,
                    coalesce(latest.price, converted.price) as price,
                    coalesce(latest.as_of, converted.as_of) as as_of,
                    latest.provider,
                    case when latest.coin_id is null then converted.route else array[latest.coin_id || '/' || latest.currency] end as route,
                    yesterday.price as price_24h_ago,
                    coalesce(latest.as_of < $5 - api_integration.max_price_age(asked.coin_id), converted.price is null) as is_stale
                from asked
                left join api_integration.latest_prices latest on latest.coin_id = asked.coin_id and latest.currency = $4
                left join lateral (
                    select rate.price, rate.as_of, rate.route
                    from api_integration.rate_at(asked.coin_id, $4, $5) rate
                    where latest.coin_id is null
                ) converted on true
                left join lateral api_integration.rate_at(asked.coin_id, $4, $5 - interval '24 hours') yesterday on true
                order by asked.coin_id
                """,
                NpgsqlDbType.Array | NpgsqlDbType.Text,
                "",
                Page + 1,
                "USD",
                Now
            ),
        (json, row) =>
            WritePageAsync(
                json,
                row,
                () =>
                {
                    json.WriteString("coinId"u8, row.GetString(0));
                    json.WriteString("currency"u8, "USD"u8);
                    WriteNumber(json, "price", row, 1);
                    WriteTime(json, "asOf", row, 2);
                    var (price, before) = (row.GetDecimal(1), row.GetDecimal(5));
                    WriteNumber(json, "change24hPercent", Percent(price - before, before));
                    WriteText(json, "provider", row, 3);
                    WriteTexts(json, "route", row.GetFieldValue<string[]>(4));
                    json.WriteBoolean("isStale"u8, row.GetBoolean(6));
                },
                () => $$"""{"coinId":"{{row.GetString(0)}}"}"""
            )
    );

    public static readonly BareRead Alerts = new(
        "the newest 50 alerts",
        _ => "/api/v1/alerts",
        "/api/v1/alerts",
        (batch, _, _) =>
            Add(
                batch,
                """
                select *
                from (
                    select id, coin_id, condition, price, currency, expires_at, notification_channels, notes, repeat, cooldown_seconds,
                        hysteresis_percent, window_seconds, is_active and coalesce(expires_at > $1, true) as is_active, paused_reason, triggered_at, created_at,
                        revision as version
                    from alerts.alerts
                    where deleted_at is null
                ) alert
                where ($2::text is null or coin_id = $2)
                    and ($3::boolean is null or is_active = $3)
                    and ($4::uuid is null or id < $4)
                order by id desc
                limit $5
                """,
                Now,
                NoText,
                NpgsqlDbType.Boolean,
                NoId,
                Page + 1
            ),
        (json, row) =>
            WritePageAsync(
                json,
                row,
                () =>
                {
                    json.WriteString("id"u8, row.GetGuid(0));
                    json.WriteString("coinId"u8, row.GetString(1));
                    json.WriteString("condition"u8, row.GetString(2));
                    WriteNumber(json, "price", row, 3);
                    json.WriteString("currency"u8, row.GetString(4));
                    WriteTime(json, "expiresAt", row, 5);
                    WriteTexts(json, "notificationChannels", row.GetFieldValue<string[]>(6));
                    WriteText(json, "notes", row, 7);
                    json.WriteString("repeat"u8, row.GetString(8));
                    json.WriteNumber("cooldownSeconds"u8, row.GetInt32(9));
                    WriteNumber(json, "hysteresisPercent", row, 10);
                    WriteInteger(json, "windowSeconds", row, 11);
                    json.WriteBoolean("isActive"u8, row.GetBoolean(12));
                    WriteText(json, "pausedReason", row, 13);
                    WriteTime(json, "triggeredAt", row, 14);
                    WriteTime(json, "createdAt", row, 15);
                },
                () => $$"""{"id":"{{row.GetGuid(0)}}"}"""
            )
    );

    public static readonly BareRead Firings = new(
        "the newest 50 firings",
        _ => "/api/v1/alerts/history",
        "/api/v1/alerts/history",
        (batch, _, _) =>
        {
            Add(batch, "select $1::uuid is null or exists (select from alerts.alerts where id = $1)", NoId);
            Add(
                batch,
                """
                select firing.id, firing.sequence, firing.alert_id, firing.triggered_at, firing.price_at_trigger, firing.currency,
                    firing.price_as_of, firing.provider, firing.route, firing.oldest_rate_at, firing.notification_sent, firing.notification_channels,
                    delivery.channel, delivery.status, delivery.attempts, delivery.last_error, delivery.sent_at, delivery.answers::text as answers
                from (
                    select *
                    from alerts.alert_history
                    where ($1::uuid is null or alert_id = $1) and ($2::bigint is null or sequence < $2)
                    order by sequence desc
                    limit $3
                ) firing
                left join alerts.alert_deliveries delivery on delivery.history_id = firing.id
                order by firing.sequence desc, delivery.channel
                """,
                NoId,
                NpgsqlDbType.Bigint,
                Page + 1
            );
        },
        async (json, row) =>
        {
            await row.NextResultAsync();
            // Each has one delivery here, which came with it.
            await WritePageAsync(
                json,
                row,
                () =>
                {
                    json.WriteString("id"u8, row.GetGuid(0));
                    json.WriteString("alertId"u8, row.GetGuid(2));
                    WriteTime(json, "triggeredAt", row, 3);
                    WriteNumber(json, "priceAtTrigger", row, 4);
                    json.WriteString("currency"u8, row.GetString(5));
                    WriteTime(json, "priceAsOf", row, 6);
                    json.WriteString("provider"u8, row.GetString(7));
                    WriteTexts(json, "route", row.GetFieldValue<string[]>(8));
                    WriteTime(json, "oldestRateAt", row, 9);
                    json.WriteBoolean("notificationSent"u8, row.GetBoolean(10));
                    WriteTexts(json, "notificationChannels", row.GetFieldValue<string[]>(11));
                    json.WriteStartArray("deliveries"u8);
                    json.WriteStartObject();
                    json.WriteString("channel"u8, row.GetString(12));
                    json.WriteString("status"u8, row.GetString(13));
                    json.WriteNumber("attempts"u8, row.GetInt32(14));
                    WriteText(json, "lastError", row, 15);
                    WriteTime(json, "sentAt", row, 16);
                    json.WritePropertyName("answers"u8);
                    json.WriteRawValue(row.GetString(17));
                    json.WriteEndObject();
                    json.WriteEndArray();
                },
                () => $$"""{"sequence":{{row.GetInt64(1)}}}"""
            );
        }
    );

    public static readonly BareRead Watchlist = new(
        "a watchlist of ten coins",
        trader => $"/api/v1/watchlists/{trader.WatchlistId}",
        "/api/v1/watchlists/{id}",
        (batch, user, route) =>
        {
            var id = Guid.Parse((string)route["id"]!);
            Add(
                batch,
                """
                select id, name, is_default, created_at, updated_at, xmin as version
                from watchlists.watchlists
                where user_id = $1 and id = $2
                """,
                user,
                id
            );
            Add(
                batch,
                """
                select
                    items.coin_id, items.notes, items.custom_alerts, items.added_at, items.xmin as version,
                    rate.price, rate.as_of as price_as_of, rate.route, day_before.price as price_day_before
                from watchlists.watchlists
                cross join lateral jsonb_array_elements_text(watchlists."order") with ordinality as custom (coin_id, position)
                join watchlists.watchlist_items items
                    on items.user_id = watchlists.user_id and items.watchlist_id = watchlists.id and items.coin_id = custom.coin_id
                left join lateral api_integration.rate_at(items.coin_id, $3, $4) rate on true
                left join lateral api_integration.rate_at(items.coin_id, $3, $4 - interval '24 hours') day_before on true
                where watchlists.user_id = $1 and watchlists.id = $2
                order by custom.position
                """,
                user,
                id,
                "USD",
                Now
            );
        },
        async (json, row) =>
        {
            await row.ReadAsync();
            json.WriteStartObject();
            json.WriteString("id"u8, row.GetGuid(0));
            json.WriteString("name"u8, row.GetString(1));
            json.WriteBoolean("isDefault"u8, row.GetBoolean(2));
            WriteTime(json, "createdAt", row, 3);
            WriteTime(json, "updatedAt", row, 4);
            json.WriteString("currency"u8, "USD"u8);
            await row.NextResultAsync();
            DateTime? oldest = null;
            json.WriteStartArray("items"u8);
            while (await row.ReadAsync())
            {
                json.WriteStartObject();
                json.WriteString("coinId"u8, row.GetString(0));
                WriteText(json, "notes", row, 1);
                json.WriteStartArray("customAlerts"u8);
                json.WriteEndArray();
                WriteTime(json, "addedAt", row, 3);
                var (price, before, asOf) = (row.GetDecimal(5), row.GetDecimal(8), row.GetDateTime(6));
                oldest = oldest < asOf ? oldest : asOf;
                WriteNumber(json, "price", price);
                WriteNumber(json, "change24hPercent", Percent(price - before, before));
                WriteTime(json, "priceAsOf", row, 6);
                WriteTexts(json, "route", row.GetFieldValue<string[]>(7));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("isComplete"u8, true);
            json.WriteStartArray("missing"u8);
            json.WriteEndArray();
            WriteTime(json, "oldestRateAt", oldest!.Value);
            json.WriteEndObject();
        }
    );

    public static readonly BareRead Valuation = new(
        "a valuation of ten assets",
        trader => $"/api/v1/portfolios/{trader.PortfolioId}/valuation",
        "/api/v1/portfolios/{id}/valuation",
        (batch, user, route) =>
        {
            var id = Guid.Parse((string)route["id"]!);
            Add(
                batch,
                """
                select id, name, currency, is_default
                from portfolios.portfolios
                where user_id = $1 and ($2::uuid is null or id = $2)
                order by id
                """,
                user,
                id
            );
            Add(
                batch,
                """
                with target as (
                    select coalesce($3::text, currency) as currency
                    from portfolios.portfolios
                    where user_id = $1 and case when $2::uuid is null then is_default else id = $2 end
                )
                select
                    assets.portfolio_id, assets.coin_id, assets.quantity, assets.shortfall, assets.avg_buy_price, assets.is_cost_complete,
                    rate.price, rate.as_of as price_as_of, rate.route, day_before.price as price_day_before
                from target
                join portfolios.portfolios on portfolios.user_id = $1 and portfolios.currency = target.currency
                join portfolios.assets on assets.user_id = $1 and assets.portfolio_id = portfolios.id
                left join lateral api_integration.rate_at(assets.coin_id, target.currency, $4) rate on true
                left join lateral api_integration.rate_at(assets.coin_id, target.currency, $4 - interval '24 hours') day_before on true
                where not $5 and ($2::uuid is null or portfolios.id = $2)
                    and (assets.quantity > 0 or assets.shortfall > 0)
                order by assets.portfolio_id, assets.coin_id
                """,
                user,
                id,
                NoText,
                Now,
                false
            );
        },
        WriteValuationAsync
    );

    public static readonly BareRead CandleHours = new(
        "a year of minutes as hours",
        _ => $"/api/v1/market/candles/bitcoin?interval=1h&from=2023-01-01T00:00:00Z&to=2024-01-01T00:00:00Z",
        "/api/v1/market/candles/bitcoin",
        (batch, _, _) =>
            Add(
                batch,
                """
                select open_time, open, high, low, close, volume
                from api_integration.candle_hours
                where coin_id = $1 and currency = $2 and open_time >= $3 and open_time < $4
                order by open_time
                """,
                "bitcoin",
                "USD",
                new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            ),
        async (json, row) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            while (await row.ReadAsync())
            {
                json.WriteStartObject();
                WriteTime(json, "time", row, 0);
                WriteNumber(json, "open", row, 1);
                WriteNumber(json, "high", row, 2);
                WriteNumber(json, "low", row, 3);
                WriteNumber(json, "close", row, 4);
                WriteNumber(json, "volume", row, 5);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNull("nextCursor"u8);
            json.WriteEndObject();
        }
    );

    public static readonly IReadOnlyList<BareRead> OfTraders =
    [
        Portfolio,
        Assets,
        Trades,
        Valuation,
        Portfolios,
        Prices,
        Alerts,
        Firings,
        Watchlist,
    ];

    public static readonly IReadOnlyList<BareRead> All = [.. OfTraders, CandleHours];

    /// <summary>Everything is priced and its cost known here.</summary>
    private static async Task WriteValuationAsync(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        await row.ReadAsync();
        var currency = row.GetString(2);
        await row.NextResultAsync();
        var assets =
            new List<(
                string Coin,
                decimal Quantity,
                decimal Average,
                decimal Price,
                DateTime AsOf,
                string[] Route,
                decimal Before
            )>();
        while (await row.ReadAsync())
        {
            assets.Add(
                (
                    row.GetString(1),
                    row.GetDecimal(2),
                    row.GetDecimal(4),
                    row.GetDecimal(6),
                    row.GetDateTime(7),
                    row.GetFieldValue<string[]>(8),
                    row.GetDecimal(9)
                )
            );
        }

        var total = assets.Sum(asset => asset.Quantity * asset.Price);
        var cost = assets.Sum(asset => Amount(asset.Quantity, asset.Average));
        var before = assets.Sum(asset => asset.Quantity * asset.Before);
        json.WriteStartObject();
        WriteTime(json, "asOf", Now);
        json.WriteString("currency"u8, currency);
        WriteNumber(json, "totalValue", total);
        WriteNumber(json, "totalCost", cost);
        WriteNumber(json, "unrealizedPnl", total - cost);
        WriteNumber(json, "unrealizedPnlPercent", Percent(total - cost, cost));
        WriteNumber(json, "change24h", total - before);
        WriteNumber(json, "change24hPercent", Percent(total - before, before));
        json.WriteBoolean("isComplete"u8, true);
        json.WriteStartArray("missing"u8);
        json.WriteEndArray();
        json.WriteStartArray("assets"u8);
        var left = 100m;
        foreach (var asset in assets)
        {
            var (value, paid) = (asset.Quantity * asset.Price, Amount(asset.Quantity, asset.Average));
            var share = asset == assets[^1] ? left : Percent(value, total);
            left -= share;
            json.WriteStartObject();
            json.WriteString("coinId"u8, asset.Coin);
            WriteNumber(json, "quantity", asset.Quantity);
            WriteNumber(json, "avgBuyPrice", asset.Average);
            WriteNumber(json, "price", asset.Price);
            WriteNumber(json, "value", value);
            WriteNumber(json, "cost", paid);
            WriteNumber(json, "unrealizedPnl", value - paid);
            WriteNumber(json, "unrealizedPnlPercent", Percent(value - paid, paid));
            WriteNumber(json, "allocationPercent", share);
            WriteNumber(json, "change24hPercent", Percent(asset.Price - asset.Before, asset.Before));
            WriteTime(json, "priceAsOf", asset.AsOf);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rates"u8);
        foreach (var asset in assets)
        {
            json.WriteStartObject();
            json.WriteString("coinId"u8, asset.Coin);
            json.WriteString("currency"u8, currency);
            WriteTexts(json, "route", asset.Route);
            WriteTime(json, "asOf", asset.AsOf);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTime(json, "oldestRateAt", assets.Min(asset => asset.AsOf));
        json.WriteEndObject();
    }

    private static decimal Amount(decimal quantity, decimal price) => decimal.Round(quantity * price, 18);

    private static decimal Percent(decimal part, decimal whole) => decimal.Round(100 * part / whole, 18);

    private static void WritePortfolio(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteString("id"u8, row.GetGuid(0));
        json.WriteString("name"u8, row.GetString(1));
        WriteText(json, "description", row, 2);
        json.WriteString("currency"u8, row.GetString(3));
        json.WriteBoolean("isDefault"u8, row.GetBoolean(4));
        json.WriteString("costBasisMethod"u8, row.GetString(5));
        WriteTime(json, "createdAt", row, 6);
        WriteTime(json, "updatedAt", row, 7);
    }

    /// <param name="position">Of the last row shown, as the cursor has it.</param>
    private static async Task WritePageAsync(
        Utf8JsonWriter json,
        NpgsqlDataReader row,
        Action writeRow,
        Func<string> position
    )
    {
        var (shown, last, isThereMore) = (0, "", false);
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        while (await row.ReadAsync())
        {
            if (shown == Page)
            {
                isThereMore = true;
                break;
            }

            json.WriteStartObject();
            writeRow();
            json.WriteEndObject();
            shown++;
            last = shown == Page ? position() : "";
        }

        json.WriteEndArray();
        json.WriteString("nextCursor"u8, isThereMore ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last)) : null);
        json.WriteEndObject();
    }

    /// <param name="values">A type stands for a null of it.</param>
    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(
                value is NpgsqlDbType type
                    ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = type }
                    : new NpgsqlParameter { Value = value }
            );
        }

        batch.BatchCommands.Add(command);
    }

    private static void WriteText(Utf8JsonWriter json, string name, NpgsqlDataReader row, int column) =>
        json.WriteString(name, row.IsDBNull(column) ? null : row.GetString(column));

    private static void WriteTexts(Utf8JsonWriter json, string name, string[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteId(Utf8JsonWriter json, string name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, row.GetGuid(column));
        }
    }

    private static void WriteInteger(Utf8JsonWriter json, string name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, row.GetInt32(column));
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
        {
            json.WriteNull(name);
        }
        else
        {
            WriteNumber(json, name, row.GetDecimal(column));
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal value)
    {
        Span<byte> text = stackalloc byte[32];
        json.WriteString(name, text[..Exact.Format(value, text)]);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
        {
            json.WriteNull(name);
        }
        else
        {
            WriteTime(json, name, row.GetDateTime(column));
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTime time)
    {
        Span<byte> text = stackalloc byte[32];
        json.WriteString(name, text[..UtcTime.Format(time, text)]);
    }
}
