namespace CryptoBeacon.ApiIntegration.Domain;

internal enum SyncStatus
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}
