namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>For formulas that go over a whole window at every bar, which may take seconds.</summary>
internal static class Windows
{
    private const int BarsBetweenLooks = 1024;

    /// <summary>To be called at every bar: looks now and then whether to stop.</summary>
    public static void LookUp(int bar, CancellationToken stop)
    {
        if (bar % BarsBetweenLooks == 0)
        {
            stop.ThrowIfCancellationRequested();
        }
    }
}
