using CryptoBeacon.Domain;

namespace CryptoBeacon.Portfolios.Domain;

/// <summary>The questions that commands ask. Each leads with the user, as the indexes do, and locks what it finds.</summary>
internal static class PortfolioSpecs
{
    internal sealed class ById : Specification<Portfolio>
    {
        public ById(Guid userId, Guid id) => Query.Where(p => p.UserId == userId && p.Id == id).ForUpdate();
    }

    internal sealed class DefaultOf : Specification<Portfolio>
    {
        public DefaultOf(Guid userId) => Query.Where(p => p.UserId == userId && p.IsDefault).ForUpdate();
    }

    /// <summary>Ids ascend with the time of creation.</summary>
    internal sealed class OldestOf : Specification<Portfolio>
    {
        public OldestOf(Guid userId) => Query.Where(p => p.UserId == userId).OrderBy(p => p.Id).Take(1).ForUpdate();
    }
}
