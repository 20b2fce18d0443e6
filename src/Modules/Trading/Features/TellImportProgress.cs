using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Says how far an import is, while it runs in a transaction of its own.</summary>
internal sealed record TellImportProgress(Guid Id, double Progress) : ICommand;

internal sealed class TellImportProgressHandler(TradeImports imports) : IRequestHandler<TellImportProgress, Result>
{
    public async Task<Result> Handle(TellImportProgress request, CancellationToken cancellationToken)
    {
        await imports.TellProgressAsync(request.Id, request.Progress, cancellationToken);
        return Result.Success;
    }
}
