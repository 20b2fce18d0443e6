using System.Text.Json;
using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

internal sealed record GetSweep(Guid Id) : IQuery<SweepDto>
{
    /// <summary>What a SELECT of a <see cref="SweepDto"/> lists; its results and hashes are texts to be read.</summary>
    public const string Columns =
        RunDto.Columns
        + ", space -> 'grid' as grid, space ->> 'metric' as metric, (space ->> 'samples')::integer as samples, "
        + "(space ->> 'seed')::integer as seed, (space ->> 'walkForwardWindows')::integer as walk_forward_windows";
}

internal sealed class GetSweepHandler(IReadDatabase database) : IRequestHandler<GetSweep, Result<SweepDto>>
{
    public async Task<Result<SweepDto>> Handle(GetSweep request, CancellationToken cancellationToken)
    {
        var (sweep, found) = await database.QueryMultipleAsync(
            $"""
            select {GetSweep.Columns} from models.model_sweeps where id = @Id;
            select results::text as results, reproducibility::text as reproducibility
            from models.model_sweeps
            where id = @Id and status = 'succeeded';
            """,
            new { request.Id },
            async rows =>
                (await rows.ReadSingleOrDefaultAsync<SweepDto>(), await rows.ReadSingleOrDefaultAsync<Found>()),
            cancellationToken
        );
        if (sweep is null)
        {
            return ModelErrors.SweepNotFound;
        }

        return found is null
            ? sweep
            : sweep with
            {
                Results = JsonSerializer.Deserialize<SweepResults>(found.Results, BeaconJson.Options),
                Reproducibility = JsonSerializer.Deserialize<Reproducibility>(
                    found.Reproducibility,
                    BeaconJson.Options
                ),
            };
    }

    private sealed record Found
    {
        public required string Results { get; init; }

        public required string Reproducibility { get; init; }
    }
}

internal static class GetSweepEndpoint
{
    public static void Map(RouteGroupBuilder sweeps) =>
        sweeps
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetSweep(id), ct)).ToOk()
            )
            .WithName(nameof(GetSweep))
            .WithSummary(
                "Read a sweep: its progress, the best configuration with its neighbours, in-sample and out-of-sample"
            )
            .RequireScope(Scopes.Read)
            .Produces<SweepDto>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
