namespace CryptoBeacon.Models.Domain.Sweeps;

/// <summary>Runs the plain engine over many configurations on all cores; what it says of each is what the engine says, to the last bit.</summary>
internal static class Sweep
{
    /// <param name="progress">Told the ratio of configurations that are done; called from several threads, one at a time.</param>
    /// <exception cref="OperationCanceledException">Soon after the token asks for it.</exception>
    public static SweepOutcome Run(
        SweepRequest request,
        Action<double>? progress = null,
        CancellationToken cancellationToken = default
    ) => throw new NotImplementedException();
}
