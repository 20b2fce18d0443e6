namespace CryptoBeacon.Application.Contracts.Alerts;

/// <summary>The jobs that others may ask for.</summary>
public static class AlertJobs
{
    /// <summary>Evaluates the alerts against every price batch that has not been looked at yet.</summary>
    public const string Evaluate = "alerts.evaluate";
}
