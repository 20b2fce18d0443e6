using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Ends an import that was refused, with the reasons.</summary>
internal sealed record FailImport(Guid Id, Error Refusal) : ICommand;

internal sealed class FailImportHandler(TradeImports imports) : IRequestHandler<FailImport, Result>
{
    public async Task<Result> Handle(FailImport request, CancellationToken cancellationToken)
    {
        await imports.LockAsync(request.Id, cancellationToken);
        await imports.FailAsync(request.Id, request.Refusal, cancellationToken);
        return Result.Success;
    }
}
