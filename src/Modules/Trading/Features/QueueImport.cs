using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Jobs;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Puts a file down to be imported in the background; what becomes of it is told by the import's resource.</summary>
internal sealed record QueueImport(ImportOptions Body, Stream Content, System.Text.Encoding Encoding)
    : ICommand<QueuedImport>,
        IHasBody<ImportOptions>;

internal sealed record QueuedImport(Guid Id, string Status, decimal Progress);

internal sealed class QueueImportValidator : AbstractValidator<QueueImport>
{
    public QueueImportValidator(IValidator<ImportOptions> options) => RuleFor(c => c.Body).SetValidator(options);
}

internal sealed class QueueImportHandler(TradeImports imports, IPositions positions, IOutbox outbox)
    : IRequestHandler<QueueImport, Result<QueuedImport>>
{
    public async Task<Result<QueuedImport>> Handle(QueueImport request, CancellationToken cancellationToken)
    {
        if (await positions.FindPortfolioAsync(request.Body.PortfolioId!.Value, cancellationToken) is null)
        {
            return TradeErrors.NoPortfolio;
        }

        var id = Uuid.New();
        await imports.QueueAsync(id, request.Body, request.Content, request.Encoding, cancellationToken);
        await outbox.RequestJobAsync(ImportTradesJob.Name, id.ToString(), cancellationToken);
        return new QueuedImport(id, "queued", 0);
    }
}
