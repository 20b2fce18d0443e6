using System.Text.Json;
using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>Keeps what a sweep has found. Nothing happens where it is not wanted any more.</summary>
internal sealed record FinishSweep(Guid Id, Guid Runner, SweepResults Results, Reproducibility Reproducibility)
    : ICommand;

internal sealed class FinishSweepHandler(IWriteDatabase database) : IRequestHandler<FinishSweep, Result>
{
    public async Task<Result> Handle(FinishSweep request, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            """
            update models.model_sweeps
            set status = 'succeeded', progress = 1, finished_at = now(), results = @results::jsonb, reproducibility = @reproducibility::jsonb
            where id = @Id and runner = @Runner and status = 'running'
            """,
            new
            {
                request.Id,
                request.Runner,
                results = JsonSerializer.Serialize(request.Results, BeaconJson.Options),
                reproducibility = JsonSerializer.Serialize(request.Reproducibility, BeaconJson.Options),
            },
            cancellationToken
        );
        return Result.Success;
    }
}
