using System.Security.Cryptography;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Takes in a file of trades: all or nothing (strict), or its good rows (lenient); what was imported before is not imported again.</summary>
internal sealed record ImportTrades(ImportOptions Body, Stream Content, System.Text.Encoding Encoding)
    : ICommand<ImportReport>,
        IHasBody<ImportOptions>;

internal sealed record ImportOptions(
    Guid? PortfolioId,
    string? Format,
    string? Mode,
    string? Oversell,
    bool? DryRun,
    string? FileName,
    string? Symbols
)
{
    public bool IsStrict => Mode is null || Mode == WireName.Of(ImportMode.Strict);

    public bool RejectsOversell => Oversell == WireName.Of(OversellRule.Reject);

    public bool IsDryRun => DryRun == true;

    public ImportFormat WantedFormat => Format is null ? ImportFormat.Auto : WireName.Parse<ImportFormat>(Format);
}

internal enum ImportMode
{
    Strict,
    Lenient,
}

internal enum OversellRule
{
    Record,
    Reject,
}

internal sealed class ImportOptionsValidator : AbstractValidator<ImportOptions>
{
    public ImportOptionsValidator()
    {
        RuleFor(c => c.PortfolioId).NotNull().WithMessage("is required");
        RuleFor(c => c.Format).OneOf<ImportOptions, ImportFormat>();
        RuleFor(c => c.Mode).OneOf<ImportOptions, ImportMode>();
        RuleFor(c => c.Oversell).OneOf<ImportOptions, OversellRule>();
        RuleFor(c => c.FileName).Line(255);
        RuleFor(c => c.Symbols)
            .Must(symbols => SymbolTable.ReadMapping(symbols) is not null)
            .WithMessage("must map symbols to coin ids, such as FOO:foo-coin,BAR:bar, each once");
    }
}

internal sealed class ImportTradesValidator : AbstractValidator<ImportTrades>
{
    public ImportTradesValidator(IValidator<ImportOptions> options) => RuleFor(c => c.Body).SetValidator(options);
}

internal sealed class ImportTradesHandler(TradeImporter importer, TradeImports imports)
    : IRequestHandler<ImportTrades, Result<ImportReport>>
{
    public async Task<Result<ImportReport>> Handle(ImportTrades request, CancellationToken cancellationToken)
    {
        var id = Uuid.New();
        var imported = await importer.ImportAsync(
            id,
            request.Body,
            request.Content,
            request.Encoding,
            progress: null,
            cancellationToken
        );
        if (!imported.IsSuccess)
        {
            return imported.Error;
        }

        if (!request.Body.IsDryRun)
        {
            request.Content.Position = 0;
            var hash = await SHA256.HashDataAsync(request.Content, cancellationToken);
            await imports.KeepAsync(id, request.Body, imported.Value, hash, cancellationToken);
        }

        return imported.Value.Report;
    }
}
