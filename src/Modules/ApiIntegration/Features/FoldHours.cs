namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Folds hours that have ended and whose candles were changed, some at a time, so that who changes candles meanwhile waits for milliseconds at most. The hour
/// that lasts is folded by whoever reads it. Answers whether there is more to do.
/// </summary>
internal sealed record FoldHours : ICommand<bool>
{
    public const int AtOnce = 200;
}

internal sealed class FoldHoursHandler(IWriteDatabase database, TimeProvider clock)
    : IRequestHandler<FoldHours, Result<bool>>
{
    public async Task<Result<bool>> Handle(FoldHours request, CancellationToken cancellationToken)
    {
        // None while somebody changes candles, whom the next run comes after.
        var folded = await database.QueryAsync<int?>(
            "select api_integration.fold_hours(@now, @atOnce)",
            new { now = clock.UtcNow(), atOnce = FoldHours.AtOnce },
            cancellationToken
        );
        return folded[0] == FoldHours.AtOnce;
    }
}
