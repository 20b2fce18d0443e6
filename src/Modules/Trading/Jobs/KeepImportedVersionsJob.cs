using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Trading.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Trading.Jobs;

/// <summary>Writes down the first versions of what an import has brought, as the user whose it is.</summary>
internal sealed class KeepImportedVersionsJob(IWorkerScopes scopes, IReadDatabase database) : IJob
{
    public const string Name = "trading.keep_imported_versions";

    /// <param name="argument">The import's id.</param>
    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(argument!);
        var owner = await database.QuerySingleOrDefaultAsync<Guid?>(
            "select user_id from trading.trade_imports where id = @id",
            new { id },
            cancellationToken
        );
        if (owner is not { } userId)
        {
            return;
        }

        Guid? last = Guid.Empty;
        while (last is { } after)
        {
            await using var scope = scopes.CreateFor(userId);
            var kept = await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new KeepImportedVersions(id, after), cancellationToken);
            last = kept.Value;
        }
    }
}
