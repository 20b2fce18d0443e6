namespace CryptoBeacon.Portfolios.Domain;

/// <summary>The questions that commands ask. They lead with the user, as the indexes do, and lock what they find.</summary>
internal static class PortfolioSpecs
{
    internal sealed class ById : Specification<Portfolio>
    {
        public ById(Guid userId, Guid id) => Query.Where(p => p.UserId == userId && p.Id == id).ForUpdate();
    }
}
