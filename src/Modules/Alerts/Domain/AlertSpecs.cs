namespace CryptoBeacon.Alerts.Domain;

/// <summary>The questions that can be asked of alerts. Row-level security narrows each to the current user's.</summary>
internal static class AlertSpecs
{
    public sealed class WithId : Specification<Alert>
    {
        public WithId(Guid id) => Query.Where(alert => alert.Id == id && alert.DeletedAt == null);
    }

    public sealed class OfOrigin : Specification<Alert>
    {
        public OfOrigin(Guid originId) => Query.Where(alert => alert.OriginId == originId).OrderBy(alert => alert.Id);
    }
}
