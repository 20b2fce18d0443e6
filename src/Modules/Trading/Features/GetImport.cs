using System.Text.Json.Nodes;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Features;

/// <summary>One import: how far it is and, when it is done, its report, or the problem that it ended with.</summary>
internal sealed record GetImport(Guid Id) : IQuery<ImportDetails>;

internal sealed record ImportDetails : ImportDto, IVersioned
{
    public uint Version { get; init; }

    /// <summary>As the request would have been answered, had it waited.</summary>
    public JsonObject? Report { get; init; }

    /// <summary>As it would have been refused.</summary>
    public JsonObject? Problem { get; init; }
}

internal sealed class GetImportHandler(IReadDatabase database) : IRequestHandler<GetImport, Result<ImportDetails>>
{
    public async Task<Result<ImportDetails>> Handle(GetImport request, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<ImportDetails>(
            $"select {ImportDto.Columns}, report, problem, xmin as version from trading.trade_imports where id = @Id",
            new { request.Id },
            cancellationToken
        )
            is { } import
            ? import
            : TradeErrors.NoImport;
}

internal static class GetImportEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/imports/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetImport(id), ct)).ToOk()
            )
            .WithName(nameof(GetImport))
            .WithSummary("Read an import: its status, progress and report")
            .RequireScope(Scopes.Read)
            .Produces<ImportDetails>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
