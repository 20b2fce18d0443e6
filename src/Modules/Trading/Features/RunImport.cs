using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Imports a file that waits: all of it in one transaction, so that a run that is killed leaves nothing and the next starts anew.</summary>
/// <param name="Progress">Hears how much of the file has been read, from 0 to 1.</param>
internal sealed record RunImport(Guid Id, IProgress<double> Progress) : ICommand;

internal sealed class RunImportHandler(TradeImports imports, TradeImporter importer)
    : IRequestHandler<RunImport, Result>
{
    public async Task<Result> Handle(RunImport request, CancellationToken cancellationToken)
    {
        await imports.LockAsync(request.Id, cancellationToken);
        if (await imports.FindWaitingAsync(request.Id, cancellationToken) is not { } waiting)
        {
            return Result.Success;
        }

        await using var content = await imports.OpenAsync(request.Id, cancellationToken);
        var imported = await importer.ImportAsync(
            request.Id,
            waiting.Options,
            content,
            waiting.Encoding,
            request.Progress,
            cancellationToken
        );
        if (!imported.IsSuccess)
        {
            return imported.Error;
        }

        await imports.SucceedAsync(request.Id, imported.Value, cancellationToken);
        return Result.Success;
    }
}
