namespace CryptoBeacon.Models.Domain;

/// <summary>Where a run (a back-test or a sweep) is.</summary>
internal enum RunStatus
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}
