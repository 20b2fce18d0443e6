using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Trading.Features;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>An import that waits or runs.</summary>
internal sealed record WaitingImport(ImportOptions Options, Encoding Encoding);

/// <summary>What was imported when, and what waits to be: its row and, until it has run, its file.</summary>
internal sealed class TradeImports(IWriteDatabase database, ICurrentUser user)
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Waits for whoever works on it.</summary>
    public Task LockAsync(Guid id, CancellationToken cancellationToken) =>
        database.LockAsync([$"trade_import:{id}"], cancellationToken);

    /// <summary>Keeps one that has succeeded at once.</summary>
    public Task KeepAsync(
        Guid id,
        ImportOptions options,
        ImportedFile imported,
        byte[] hash,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            """
            insert into trading.trade_imports
                (id, user_id, portfolio_id, format, file_name, file_hash, mode, imported, duplicates, rejected, skipped, report)
            values (@id, @userId, @PortfolioId, @format, @FileName, @hash, @mode, @imported, @duplicates, @rejected, @skipped, @report::jsonb)
            """,
            new
            {
                id,
                userId = user.Id,
                options.PortfolioId,
                format = WireName.Of(imported.Format),
                options.FileName,
                hash,
                mode = ModeOf(options),
                imported = imported.Report.Imported,
                duplicates = imported.Report.Duplicates,
                rejected = imported.Report.Rejected.Count,
                skipped = imported.Report.Skipped.Count,
                report = Json(imported.Report),
            },
            cancellationToken
        );

    /// <summary>Counts what another page of an account has brought; the first page that brings something makes the import.</summary>
    public Task CountAsync(FillBatch batch, FillReceipt receipt, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            insert into trading.trade_imports as import
                (id, user_id, portfolio_id, format, file_hash, mode, imported, duplicates, rejected, skipped)
            values (@ImportId, @userId, @PortfolioId, @Exchange, @hash, @mode, @Imported, @Duplicates, @rejected, @Skipped)
            on conflict (id) do update
            set imported = import.imported + excluded.imported, duplicates = import.duplicates + excluded.duplicates,
                rejected = import.rejected + excluded.rejected, skipped = import.skipped + excluded.skipped
            """,
            new
            {
                batch.ImportId,
                userId = user.Id,
                batch.PortfolioId,
                batch.Exchange,
                // There is no file.
                hash = SHA256.HashData([]),
                mode = WireName.Of(ImportMode.Lenient),
                receipt.Imported,
                receipt.Duplicates,
                rejected = receipt.Rejected.Count,
                receipt.Skipped,
            },
            cancellationToken
        );

    public async Task<bool> StandAsync(IReadOnlyCollection<Guid> importIds, CancellationToken cancellationToken)
    {
        var standing = await database.QueryAsync<Guid>(
            "select id from trading.trade_imports where user_id = @userId and id = any(@importIds)",
            new { userId = user.Id, importIds = importIds.ToArray() },
            cancellationToken
        );
        return standing.Count == importIds.Count;
    }

    /// <summary>Puts one down to be run later, its file in pieces.</summary>
    public async Task QueueAsync(
        Guid id,
        ImportOptions options,
        Stream content,
        Encoding encoding,
        CancellationToken cancellationToken
    )
    {
        await database.ExecuteAsync(
            """
            insert into trading.trade_imports
                (id, user_id, portfolio_id, format, file_name, file_hash, mode, imported, duplicates, rejected, skipped,
                status, progress, imported_at, options, encoding)
            values (@id, @userId, @PortfolioId, @format, @FileName, @hash, @mode, 0, 0, 0, 0, 'queued', 0, null, @options::jsonb, @encoding)
            """,
            new
            {
                id,
                userId = user.Id,
                options.PortfolioId,
                format = WireName.Of(options.WantedFormat),
                options.FileName,
                hash = await SHA256.HashDataAsync(content, cancellationToken),
                mode = ModeOf(options),
                options = Json(options),
                encoding = encoding.WebName,
            },
            cancellationToken
        );
        content.Position = 0;
        var chunk = new byte[ChunkBytes];
        for (var position = 0; ; position++)
        {
            var read = await content.ReadAtLeastAsync(
                chunk,
                chunk.Length,
                throwOnEndOfStream: false,
                cancellationToken
            );
            if (read == 0)
            {
                return;
            }

            await database.ExecuteAsync(
                """
                insert into trading.import_chunks (import_id, user_id, position, content) values (@id, @userId, @position, @content)
                """,
                new
                {
                    id,
                    userId = user.Id,
                    position,
                    content = chunk[..read],
                },
                cancellationToken
            );
        }
    }

    /// <summary>Null: it has run, or is not there any more.</summary>
    public async Task<WaitingImport?> FindWaitingAsync(Guid id, CancellationToken cancellationToken)
    {
        var waiting = await database.QueryAsync<Row>(
            """
            select options::text as options, encoding
            from trading.trade_imports
            where id = @id and status in ('queued', 'running')
            """,
            new { id },
            cancellationToken
        );
        return waiting is [var row]
            ? new WaitingImport(
                JsonSerializer.Deserialize<ImportOptions>(row.Options, BeaconJson.Options)!,
                Encoding.GetEncoding(row.Encoding)
            )
            : null;
    }

    /// <summary>Its file, put together in a scratch file that goes when it is closed.</summary>
    public async Task<Stream> OpenAsync(Guid id, CancellationToken cancellationToken)
    {
        var scratch = new FileStream(
            Path.GetTempFileName(),
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            }
        );
        for (var position = 0; ; position++)
        {
            var chunk = await database.QueryAsync<byte[]>(
                "select content from trading.import_chunks where import_id = @id and position = @position",
                new { id, position },
                cancellationToken
            );
            if (chunk is not [var content])
            {
                scratch.Position = 0;
                return scratch;
            }

            await scratch.WriteAsync(content, cancellationToken);
        }
    }

    public Task TellProgressAsync(Guid id, double progress, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            update trading.trade_imports
            set status = 'running', progress = round(@progress::numeric, 3)
            where id = @id and status in ('queued', 'running')
            """,
            new { id, progress },
            cancellationToken
        );

    public Task SucceedAsync(Guid id, ImportedFile imported, CancellationToken cancellationToken) =>
        EndAsync(
            id,
            """
            update trading.trade_imports
            set status = 'succeeded', progress = 1, imported_at = now(), format = @format, report = @report::jsonb, imported = @imported,
                duplicates = @duplicates, rejected = @rejected, skipped = @skipped
            where id = @id
            """,
            new
            {
                id,
                format = WireName.Of(imported.Format),
                report = Json(imported.Report),
                imported = imported.Report.ImportId is null ? 0 : imported.Report.Imported,
                duplicates = imported.Report.Duplicates,
                rejected = imported.Report.Rejected.Count,
                skipped = imported.Report.Skipped.Count,
            },
            cancellationToken
        );

    /// <param name="refusal">What the caller would have got, had it waited.</param>
    public Task FailAsync(Guid id, Error refusal, CancellationToken cancellationToken) =>
        EndAsync(
            id,
            """
            update trading.trade_imports
            set status = 'failed', problem = @problem::jsonb
            where id = @id and status in ('queued', 'running')
            """,
            new
            {
                id,
                problem = Json(
                    new Dictionary<string, object?>(refusal.Details)
                    {
                        ["status"] = (int)refusal.Kind,
                        ["code"] = refusal.Code,
                        ["detail"] = refusal.Message,
                        ["errors"] = refusal.Fields,
                    }
                ),
            },
            cancellationToken
        );

    private async Task EndAsync(Guid id, string update, object parameters, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(update, parameters, cancellationToken);
        await database.ExecuteAsync(
            "delete from trading.import_chunks where import_id = @id",
            new { id },
            cancellationToken
        );
    }

    private static string ModeOf(ImportOptions options) =>
        WireName.Of(options.IsStrict ? ImportMode.Strict : ImportMode.Lenient);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, BeaconJson.Options);

    private sealed record Row
    {
        public required string Options { get; init; }

        public required string Encoding { get; init; }
    }
}
