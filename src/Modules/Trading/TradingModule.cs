using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Trading.Features;
using CryptoBeacon.Trading.Jobs;
using CryptoBeacon.Trading.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Trading;

/// <summary>The ledger: trades, their history, and what positions follow from them.</summary>
public sealed class TradingModule : IModule
{
    public string Name => "trading";

    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services
            .AddScoped<ITradeLedger, TradeLedger>()
            .AddScoped<ILotLedger, LotLedger>()
            .AddScoped<LotReader>()
            .AddScoped<LotAccounts>()
            .AddScoped<TradeRecorder>()
            .AddScoped<TradesUnderLock>()
            .AddScoped<PositionKeeper>()
            .AddScoped<PricedMovements>()
            .AddScoped<Transfers>()
            .AddScoped<Movements>()
            .AddScoped<TradeHistory>()
            .AddScoped<FeeCoins>()
            .AddScoped<Appraiser>()
            .AddScoped<LinkedTrades>()
            .AddScoped<CoinSymbols>()
            .AddScoped<OpeningDeposits>()
            .AddScoped<StagedTrades>()
            .AddScoped<StagedAppraisal>()
            .AddScoped<TradeImporter>()
            .AddScoped<IFillImports, FillImports>()
            .AddScoped<TradeImports>();

    public IEnumerable<JobDefinition> Jobs =>
        [
            JobDefinition.Of<ImportTradesJob>(ImportTradesJob.Name),
            JobDefinition.Of<KeepImportedVersionsJob>(KeepImportedVersionsJob.Name),
        ];

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var trades = api.MapGroup("/trades").WithTags("Trading");
        RecordTradeEndpoint.Map(trades);
        RecordTradesEndpoint.Map(trades);
        ListTradesEndpoint.Map(trades);
        ExportTradesEndpoint.Map(trades);
        GetTradeEndpoint.Map(trades);
        ReviseTradeEndpoint.Map(trades);
        DeleteTradeEndpoint.Map(trades);
        ReadTradeHistoryEndpoint.Map(trades);
        ListRealizedGainsEndpoint.Map(trades);
        ListLotsEndpoint.Map(trades);
        WeighSaleEndpoint.Map(trades);
        ReportTaxYearEndpoint.Map(trades);
        SummarizeTradesEndpoint.Map(trades);
        ImportTradesEndpoint.Map(trades);
        ListImportsEndpoint.Map(trades);
        GetImportEndpoint.Map(trades);
        UndoImportEndpoint.Map(trades);
    }
}
